import compress from "@fastify/compress";
import helmet from "@fastify/helmet";
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiError } from "../errors.ts";

/** Requests of one address within a minute: enough for a wall of screens behind one router. */
const requestsPerMinute = 3_000;

export type SecurityOptions = {
  /** Whether people reach the site by https: browsers are told to insist on it then. */
  readonly secure: boolean;
};

/** What every answer has: headers that tie a browser down, a limit by address, compression. */
export async function secure(app: FastifyInstance, options: SecurityOptions): Promise<void> {
  const { secure } = options;
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        // Mantine writes its tokens and positions into style attributes.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      },
    },
    // The older word for the same as `frame-ancestors`.
    frameguard: { action: "deny" },
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    // Without https a browser ignores them and complains of it on its console.
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
    referrerPolicy: { policy: "same-origin" },
  });

  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: addressOf,
    errorResponseBuilder: (_request, { ttl }) =>
      new ApiError("request.tooMany", "Wait a little before you ask again.", {
        retryAfterSeconds: Math.ceil(ttl / 1_000),
      }),
  });

  await app.register(compress, { encodings: ["gzip", "identity"], threshold: 1_024 });
}

/** Who asks, a whole IPv6 network as one; a client that has hung up meanwhile has no address any more. */
function addressOf({ ip }: { readonly ip: FastifyRequest["ip"] | undefined }): string {
  return ip === undefined ? "gone" : normalizeIP(ip);
}
