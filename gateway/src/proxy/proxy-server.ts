import { createServer, type Server, type Socket } from "node:net";
import { encodeFrame, frameSplitter, type TcpFrame } from "../modbus/framing.ts";
import type { ListenAddress } from "./proxy-config.ts";

export type ProxyClient = {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly host: string;
  answer(frame: TcpFrame): void;
};

export type ProxyServer = { close(): Promise<void> };

export type ProxyEars = {
  /** A client has sent a request. */
  readonly asked: (frame: TcpFrame, client: ProxyClient) => void;
  readonly gone: (client: ProxyClient) => void;
};

const mostClients = 16;
/** A client that reads so little of what it asked for is not waited for. */
const mostUnread = 64 * 1024;
const idleMs = 120_000;

/**
 * Takes requests of Modbus TCP clients, as many clients as are good for a device. One that sends
 * what is no frame, reads no answers or says nothing for long is hung up on: nothing it does holds
 * up another. Rejects when it cannot listen.
 */
export async function openProxyServer(
  { host, port }: ListenAddress,
  ears: ProxyEars,
): Promise<ProxyServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    if (sockets.size >= mostClients) return void socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, ears);
  });
  await listening(server, host, port);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, { asked, gone }: ProxyEars): void {
  const leaving = new AbortController();
  const splitter = frameSplitter();
  const client: ProxyClient = {
    signal: leaving.signal,
    host: socket.remoteAddress ?? "",
    answer(frame) {
      if (socket.destroyed) return;
      socket.write(encodeFrame(frame));
      if (socket.writableLength > mostUnread) socket.destroy();
    },
  };
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    leaving.abort();
    gone(client);
  });
  socket.on("data", (bytes) => {
    try {
      // The bytes of a PDU are there for the call only.
      splitter.push(bytes, (frame) => asked({ ...frame, pdu: Buffer.from(frame.pdu) }, client));
    } catch {
      // There is no way back into a stream that is out of step.
      socket.destroy();
    }
  });
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
