import { connect } from "node:net";
import type { ByteStream, StreamEnds } from "./byte-stream.ts";
import { ModbusError } from "./modbus-error.ts";

export type TcpStreamParts = StreamEnds & {
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
};

/**
 * One for all connections: what has come over one is read out before anything else comes, since the event loop
 * reads them one after the other. Room for the answers to a window of requests; longer reads come in parts.
 */
const buffer = Buffer.allocUnsafeSlow(16_384);

/** Connects; rejects with a `ModbusError` that says why it could not. */
export function openTcpStream({
  host,
  port,
  connectTimeoutMs,
  got,
  ended,
}: TcpStreamParts): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    const callback = (length: number) => {
      got(buffer.subarray(0, length));
      return true;
    };
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 15_000,
      onread: { buffer, callback },
    });
    /** Kept here, since the socket's own word on it is looked up in many places. */
    let isOpen = false;
    const shut = () => {
      isOpen = false;
    };
    const fail = (text: string, cause?: unknown) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new ModbusError("connection", text, { cause }));
    };
    const timer = setTimeout(fail, connectTimeoutMs, "the connection could not be made in time");
    const failed = (error: Error) => fail(plainText(error), error);
    socket.once("error", failed);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", failed);
      isOpen = true;
      socket.on("end", shut);
      socket.on("error", (cause) => {
        shut();
        ended(new ModbusError("connection", plainText(cause), { cause }));
      });
      socket.on("close", () => {
        shut();
        ended();
      });
      resolve({
        isOpen: () => isOpen,
        write(bytes) {
          if (!socket.destroyed) socket.write(bytes);
        },
        // What has come is handed on within one turn of the event loop.
        flush: () => new Promise((done) => setImmediate(done)),
        close() {
          shut();
          socket.destroy();
        },
      });
    });
  });
}

const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the peer reset the connection",
  EPIPE: "the peer closed the connection",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "there is no route to the network",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name could not be looked up",
  ETIMEDOUT: "the connection timed out",
};

function plainText(error: Error & { readonly code?: string }): string {
  return codes[error.code ?? ""] ?? `the connection failed: ${error.message}`;
}
