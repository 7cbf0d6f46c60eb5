import { createServer, type Socket } from "node:net";

export type RawRequest = {
  readonly transaction: number;
  readonly unit: number;
  readonly address: number;
  readonly count: number;
  readonly socket: Socket;
  /** How many requests came before this one, over all connections. */
  readonly index: number;
};

export type RawPeer = {
  readonly port: number;
  readonly connections: () => number;
  close(): Promise<void>;
};

/** A peer that answers each request as the test says, with whatever bytes. */
export async function rawPeer(answer: (request: RawRequest) => void): Promise<RawPeer> {
  let index = 0;
  let connections = 0;
  const sockets = new Set<Socket>();
  const net = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      // Each request of a reader is 12 bytes long.
      for (let at = 0; at + 12 <= bytes.length; at += 12) {
        answer({
          transaction: bytes.readUInt16BE(at),
          unit: bytes.readUInt8(at + 6),
          address: bytes.readUInt16BE(at + 8),
          count: bytes.readUInt16BE(at + 10),
          socket,
          index,
        });
        index += 1;
      }
    });
  });
  await new Promise<void>((resolve) => net.listen(0, "127.0.0.1", resolve));
  const address = net.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        net.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The bytes of an answer; every part of the header can be made wrong. */
export function answerBytes(
  { transaction, unit }: Pick<RawRequest, "transaction" | "unit">,
  pdu: readonly number[],
  { protocol = 0, length = pdu.length + 1 } = {},
): Buffer {
  const head = [transaction >> 8, transaction & 0xff, protocol >> 8, protocol & 0xff];
  return Buffer.from([...head, length >> 8, length & 0xff, unit, ...pdu]);
}

/** A good answer to a read of holding registers. */
export function goodPdu(words: readonly number[]): number[] {
  return [3, words.length * 2, ...words.flatMap((word) => [word >> 8, word & 0xff])];
}
