import { once } from "node:events";
import { connect } from "node:net";
import { encodeFrame, frameSplitter } from "../../modbus/framing.ts";

export type ProxyTestClient = {
  /** Sends a request and answers with the PDU that comes back; rejects when the connection ends first. */
  ask(pdu: readonly number[], unit?: number): Promise<number[]>;
  /** Whatever bytes. */
  send(bytes: Uint8Array): void;
  /** Stops reading what comes. */
  pause(): void;
  readonly closed: Promise<unknown>;
  close(): void;
};

/** A Modbus TCP client made of a bare socket. */
export async function proxyTestClient(port: number): Promise<ProxyTestClient> {
  const socket = connect(port, "127.0.0.1");
  const waiting = new Map<number, PromiseWithResolvers<number[]>>();
  const splitter = frameSplitter();
  let last = 0;
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("the proxy hung up"));
  });
  socket.on("data", (bytes: Buffer) => {
    splitter.push(bytes, ({ transaction, pdu }) => {
      waiting.get(transaction)?.resolve([...pdu]);
      waiting.delete(transaction);
    });
  });
  await once(socket, "connect");
  return {
    ask(pdu, unit = 1) {
      last += 1;
      const answer = Promise.withResolvers<number[]>();
      waiting.set(last, answer);
      socket.write(encodeFrame({ transaction: last, unit, pdu: Buffer.from(pdu) }));
      return answer.promise;
    },
    send: (bytes) => void socket.write(bytes),
    pause: () => void socket.pause(),
    closed,
    close: () => void socket.destroy(),
  };
}
