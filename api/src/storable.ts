import type { FastifyInstance } from "fastify";
import { ApiError } from "./errors.ts";

/**
 * Refuses every request that carries a NUL in its path, query or body: no text of ours has one, and
 * PostgreSQL takes none, so that it would fail wherever it came to be used.
 */
export function refuseUnstorable(app: FastifyInstance): void {
  app.addHook("preValidation", async ({ params, query: querystring, body }) => {
    for (const [place, content] of Object.entries({ params, querystring, body })) {
      const path = pathOfNul(content, place);
      if (path === undefined) continue;
      const message = "must not contain the character U+0000";
      const errors = [{ path, message }];
      throw new ApiError("request.invalid", `${path}: ${message}`, { errors });
    }
  });
}

/** Where a NUL is in the value, names of fields included. */
function pathOfNul(value: unknown, path: string): string | undefined {
  if (typeof value === "string") return value.includes("\0") ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (name.includes("\0")) return path;
    const found = pathOfNul(inner, `${path}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
