import { connect, type Socket } from "node:net";

/** What a device has answered: the bytes behind the unit id. */
export type Reply = { readonly transaction: number; readonly unit: number; readonly body: Buffer };

type Waiting = { resolve(reply: Reply): void; reject(error: Error): void };

/** A plain client that knows nothing but frames: what a device says is what the test sees. */
export type ModbusTestClient = {
  ask(body: readonly number[], unit?: number): Promise<Reply>;
  read(readBy: 3 | 4, start: number, count: number, unit?: number): Promise<Reply>;
  close(): void;
};

export async function modbusTestClient(port: number): Promise<ModbusTestClient> {
  const socket = await connected(port);
  const waiting = new Map<number, Waiting>();
  let transaction = 0;
  let kept = Buffer.alloc(0);
  socket.on("data", (data) => {
    kept = Buffer.concat([kept, data]);
    while (kept.length >= 7 && kept.length >= 6 + kept.readUInt16BE(4)) {
      const end = 6 + kept.readUInt16BE(4);
      const reply = {
        transaction: kept.readUInt16BE(0),
        unit: kept[6] ?? 0,
        body: kept.subarray(7, end),
      };
      waiting.get(reply.transaction)?.resolve(reply);
      waiting.delete(reply.transaction);
      kept = kept.subarray(end);
    }
  });

  socket.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("the device hung up"));
  });

  const ask = (body: readonly number[], unit = 1) =>
    new Promise<Reply>((resolve, reject) => {
      transaction += 1;
      waiting.set(transaction, { resolve, reject });
      const head = Buffer.alloc(7);
      head.writeUInt16BE(transaction, 0);
      head.writeUInt16BE(body.length + 1, 4);
      head.writeUInt8(unit, 6);
      socket.write(Buffer.concat([head, Buffer.from(body)]));
    });

  return {
    ask,
    read: (readBy, start, count, unit) =>
      ask([readBy, start >> 8, start & 0xff, count >> 8, count & 0xff], unit),
    close: () => socket.destroy(),
  };
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
}
