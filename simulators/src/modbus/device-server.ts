import { createServer, type Socket } from "node:net";
import { ConfigError } from "@sunledger/runtime";
import type { RegisterImage } from "../registers/image.ts";
import { answerTo, requestSplitter, type TcpRequest } from "./requests.ts";

/** A read of registers that a device has answered with its values. */
export type ServedRead = { readonly start: number; readonly count: number };

export type DeviceServerParts = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The only unit that answers; others are told that nobody is there. */
  readonly unit: number;
  /** 3 reads holding registers, 4 input registers. */
  readonly readBy: 3 | 4;
  /** What the device shows now; the answer to one request comes from one image. */
  image(): RegisterImage;
  served?(read: ServedRead): void;
  /** Real time that a request may take to arrive whole, before its connection is closed. */
  readonly patienceMs?: number;
};

export type DeviceServer = { readonly port: number; close(): Promise<void> };

const illegalFunction = 1;
const illegalValue = 3;
const nobodyThere = 11;
/** Function, first register, number of registers. */
const readLength = 5;

/**
 * Serves one device over Modbus TCP until it is closed. Every request is answered, if only by an
 * exception; a connection on which something else arrives is closed.
 */
export async function serveDevice(parts: DeviceServerParts): Promise<DeviceServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    converse(socket, parts);
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(inWords(error, parts)));
    server.listen(parts.port, parts.host, resolve);
  });

  return {
    port: portOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function converse(socket: Socket, parts: DeviceServerParts): void {
  const splitter = requestSplitter();
  let timer: NodeJS.Timeout | undefined;
  // A client that goes away in the middle of an answer is no event for the device.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clearTimeout(timer));
  const hangUp = () => void socket.destroy();
  socket.on("data", (bytes) => {
    const requests = splitter.push(bytes);
    if (!requests) return hangUp();
    for (const request of requests) socket.write(answerTo(request, replyTo(request, parts)));
    if (requests.length > 0 || !splitter.midRequest) {
      clearTimeout(timer);
      timer = undefined;
    }
    if (splitter.midRequest) timer ??= setTimeout(hangUp, parts.patienceMs ?? 5_000);
  });
}

function replyTo({ unit, pdu }: TcpRequest, parts: DeviceServerParts): Buffer {
  const code = pdu.readUInt8(0);
  const refuse = (exception: number) => Buffer.from([code | 0x80, exception]);
  if (unit !== parts.unit) return refuse(nobodyThere);
  if (code !== parts.readBy) return refuse(illegalFunction);
  if (pdu.length !== readLength) return refuse(illegalValue);
  const read = { start: pdu.readUInt16BE(1), count: pdu.readUInt16BE(3) };
  const words = parts.image().read(read.start, read.count);
  if (typeof words === "number") return refuse(words);
  parts.served?.(read);
  return Buffer.concat([Buffer.from([code, words.length]), words]);
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  return typeof address === "object" && address ? address.port : 0;
}

function inWords(error: NodeJS.ErrnoException, { host, port }: DeviceServerParts): Error {
  if (error.code === "EADDRINUSE") {
    return new ConfigError(`port ${port} on ${host} is taken by another program`, { cause: error });
  }
  return new ConfigError(`${host}:${port} cannot be listened on: ${error.message}`, {
    cause: error,
  });
}
