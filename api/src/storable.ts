import type { FastifyInstance } from "fastify";
import { ApiError } from "./errors.ts";

/**
 * Refuses every request that carries a NUL or half a character in its path, query or body: no text of
 * ours has one, and PostgreSQL takes none, so that it would fail wherever it came to be used.
 */
export function refuseUnstorable(app: FastifyInstance): void {
  app.addHook("preValidation", async ({ params, query: querystring, body }) => {
    for (const [place, content] of Object.entries({ params, querystring, body })) {
      const fault = faultIn(content, place);
      if (!fault) continue;
      const detail = `${fault.path}: ${fault.message}`;
      throw new ApiError("request.invalid", detail, { errors: [fault] });
    }
  });
}

type Fault = { readonly path: string; readonly message: string };

/** What is wrong with the value, and where; names of fields included. */
function faultIn(value: unknown, path: string): Fault | undefined {
  if (typeof value === "string") return faultOf(value, path);
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = faultOf(name, path) ?? faultIn(inner, `${path}/${name}`);
    if (found) return found;
  }
  return undefined;
}

function faultOf(text: string, path: string): Fault | undefined {
  if (text.includes("\0")) return { path, message: "must not contain the character U+0000" };
  if (!text.isWellFormed()) return { path, message: "must not contain half a surrogate pair" };
  return undefined;
}
