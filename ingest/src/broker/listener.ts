import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { ConfigError, type Scope } from "@sunledger/runtime";
import type { ListenOn } from "./config.ts";

/** More than an embedded broker is meant for; each idle connection costs some 30 kB. */
const mostConnections = 2_000;

/**
 * Takes TCP or TLS connections until the service stops. Resolves with the port once it listens; a
 * port that cannot be had is one clear sentence.
 */
export async function listen(
  on: ListenOn,
  take: (socket: Socket) => void,
  scope: Pick<Scope, "log" | "onStop">,
): Promise<number> {
  const open = new Set<Socket>();
  const server = serverFor(on, take);
  server.maxConnections = mostConnections;
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
  });
  server.on("drop", (dropped) =>
    scope.log.warn({ remote: dropped?.remoteAddress }, "too many connections: one refused"),
  );

  await listening(server, on);
  scope.onStop("listener", () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    return closed;
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : on.port;
}

function serverFor({ tls }: ListenOn, take: (socket: Socket) => void): Server {
  if (!tls) return createServer(take);
  return createTlsServer({ ...tls, minVersion: "TLSv1.2", handshakeTimeout: 10_000 }, take);
}

function listening(server: Server, { host, port }: ListenOn): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        new ConfigError(
          `cannot listen on ${host}:${port}: ${reasons[cause.code ?? ""] ?? cause.message}`,
          {
            cause,
          },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}

const reasons: Record<string, string> = {
  EADDRINUSE: "another program has this port; stop it, or set SUNLEDGER_MQTT_PORT",
  EACCES: "this user may not use the port; set SUNLEDGER_MQTT_PORT above 1023",
  EADDRNOTAVAIL: "this machine has no such address; set SUNLEDGER_MQTT_HOST",
  ENOTFOUND: "no such host; set SUNLEDGER_MQTT_HOST",
};
