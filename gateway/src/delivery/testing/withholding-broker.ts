import { type AddressInfo, createServer, type Socket } from "node:net";

/** A broker that acknowledges what it is told to, when it is told to. */
export interface WithholdingBroker {
  readonly url: string;
  /** The topics of all that was published, in order of arrival. */
  readonly topics: readonly string[];
  /** Whether a message with QoS 1 is acknowledged; what was not, is as soon as this says so. */
  acknowledges(wanted: (topic: string) => boolean): void;
  close(): Promise<void>;
}

const connect = 1;
const publish = 3;
const subscribe = 8;
const ping = 12;

/** Starts one on a free port: it keeps nothing, and hands nothing on. */
export async function startWithholdingBroker(): Promise<WithholdingBroker> {
  const topics: string[] = [];
  const sockets = new Set<Socket>();
  let owed: { readonly topic: string; readonly puback: Buffer; readonly to: Socket }[] = [];
  let wanted: (topic: string) => boolean = () => true;

  const acknowledge = () => {
    for (const { topic, puback, to } of owed) if (wanted(topic)) to.write(puback);
    owed = owed.filter(({ topic }) => !wanted(topic));
  };

  const take = ([head = 0]: Buffer, body: Buffer, to: Socket) => {
    const type = head >> 4;
    if (type === connect) to.write(Buffer.from([0x20, 2, 0, 0]));
    if (type === ping) to.write(Buffer.from([0xd0, 0]));
    if (type === subscribe) {
      const [high = 0, low = 0] = body;
      to.write(Buffer.from([0x90, 5, high, low, 1, 1, 1]));
    }
    if (type !== publish) return;
    const end = 2 + body.readUInt16BE(0);
    const topic = body.toString("utf8", 2, end);
    topics.push(topic);
    if ((head & 0b110) === 0) return;
    const [high = 0, low = 0] = body.subarray(end);
    owed.push({ topic, puback: Buffer.from([0x40, 2, high, low]), to });
    acknowledge();
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    let rest = Buffer.of();
    socket.on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let packet = firstIn(rest); packet; packet = firstIn(rest)) {
        take(rest, rest.subarray(packet.start, packet.end), socket);
        rest = rest.subarray(packet.end);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    topics,
    acknowledges(which) {
      wanted = which;
      acknowledge();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Where the first packet's content lies; `undefined` until all of it is there. */
function firstIn(bytes: Buffer): { readonly start: number; readonly end: number } | undefined {
  let length = 0;
  for (let i = 1; i <= 4 && i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    length += (byte & 0x7f) * 128 ** (i - 1);
    if (byte < 0x80) return bytes.length > i + length ? packetAt(i + 1, length) : undefined;
  }
  return undefined;
}

function packetAt(start: number, length: number) {
  return { start, end: start + length };
}
