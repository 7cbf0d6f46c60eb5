import { createServer, type Server } from "node:http";
import { ConfigError } from "./config.ts";

/** What a program counts, in Prometheus' words. */
export type MetricsText = { text(): Promise<string>; readonly contentType: string };

/** What a page says when it is asked: `signal` is aborted when nobody waits for it any more. */
export type Page = (
  query: URLSearchParams,
  signal: AbortSignal,
) => Promise<readonly [status: number, contentType: string, text: string]>;

export type ServedMetrics = {
  readonly port: number;
  close(): Promise<void>;
};

/**
 * Serves `/metrics`, `/healthz` and `/readyz` on the loopback alone: who is to see them from elsewhere
 * needs a proxy in front that knows its callers. `missing` names what the program cannot do its work
 * without and does not have; it is ready when there is no such thing. `more`: pages of the program's own, by
 * path. Throws a `ConfigError` when the port is taken.
 */
export async function serveMetrics(
  metrics: MetricsText,
  missing: () => string | undefined,
  port: number,
  more: Readonly<Record<string, Page>> = {},
): Promise<ServedMetrics> {
  const pages: Readonly<Record<string, Page>> = {
    ...more,
    "/metrics": async () => [200, metrics.contentType, await metrics.text()],
    "/healthz": async () => [200, "text/plain", "alive\n"],
    "/readyz": async () => {
      const lacks = missing();
      return lacks === undefined
        ? [200, "text/plain", "ready\n"]
        : [503, "text/plain", `no ${lacks}\n`];
    },
  };
  const server = createServer((request, response) => {
    const [path = "", query] = (request.url ?? "").split("?");
    const page = request.method === "GET" && Object.hasOwn(pages, path) ? pages[path] : undefined;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const answer =
      page?.(new URLSearchParams(query), gone.signal) ??
      Promise.resolve([404, "text/plain", "not found\n"] as const);
    answer
      .catch((error: unknown) => [500, "text/plain", `${String(error)}\n`] as const)
      .then(([status, type, text]) =>
        response.writeHead(status, { "content-type": type }).end(text),
      )
      .catch(() => response.destroy());
  });
  await listening(server, port);
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new ConfigError(`metrics cannot be served on port ${port}`, { cause })),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}
