import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import { ConfigError } from "@sunledger/runtime";
import type { FastifyInstance } from "fastify";

const noPages = /^\/(api|assets|socket\.io|healthz|readyz)(\/|$)/;

/** Serves the built dashboard of the folder; addresses of its pages all answer with its one document. */
export async function serveDashboard(app: FastifyInstance, folder: string): Promise<void> {
  const root = resolve(folder);
  await access(join(root, "index.html")).catch(() => {
    throw new ConfigError(`SUNLEDGER_DASHBOARD_DIR: there is no index.html in ${root}`);
  });

  await app.register(fastifyStatic, {
    root,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => void reply.header("cache-control", cachingOf(root, path)),
  });

  app.get("/*", { schema: { hide: true } }, (request, reply) => {
    const [path = "/"] = request.url.split("?", 1);
    if (noPages.test(path)) return reply.callNotFound();
    return reply.sendFile("index.html");
  });
}

/** What the build puts into `assets` has its content's hash in its name and never changes. */
function cachingOf(root: string, path: string): string {
  return path.startsWith(join(root, "assets")) ? "public, max-age=31536000, immutable" : "no-cache";
}
