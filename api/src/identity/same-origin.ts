import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import { ApiError } from "../errors.ts";

const harmless = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses changes that another site's page asks for in a signed-in user's name. */
export function refuseOtherOrigins(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ method, headers }) => {
    if (!harmless.has(method) && !isSameOrigin(headers)) throw new ApiError("request.crossOrigin");
  });
}

/**
 * Whether the headers can be those of our own page. A browser names the origin with every change
 * and every web socket; programs that are no browser name none, and carry no one else's cookies.
 */
export function isSameOrigin({
  origin,
  host,
  "sec-fetch-site": site,
}: IncomingHttpHeaders): boolean {
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
