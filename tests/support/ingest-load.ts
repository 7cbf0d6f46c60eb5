import { createServer } from "node:net";
import { type Frame, type Layout, layoutHash, messageOf, topics } from "@sunledger/model";
import { packJson, unpackJson } from "@sunledger/runtime";
import { Aedes } from "aedes";

/** What the bench tells the load: a broker that is some gateways besides, so that who is measured is ingest alone. */
export type LoadOrder = {
  readonly gateways: readonly string[];
  readonly tags: readonly string[];
  readonly layout: Layout;
  readonly rowsAMessage: number;
  readonly from: number;
};

/** So many messages of each gateway are under way: ingest never waits for one. */
const windowMessages = 8;

async function run({ gateways, tags, layout, rowsAMessage, from }: LoadOrder) {
  const broker = await Aedes.createBroker({ concurrency: 5_000 });
  const server = createServer((socket) => void broker.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const hash = await layoutHash(layout);
  const publish = (topic: string, payload: Buffer, retain = false) => {
    const packet = { cmd: "publish", topic, payload, qos: 0, retain, dup: false } as const;
    broker.publish(packet, () => {});
  };
  const sources = new Map(gateways.map((id) => [topics.ack(id), source(id)]));

  function source(gateway: string) {
    const epoch = crypto.randomUUID();
    let sent = 0;
    let settled = 0;
    const send = async () => {
      const frames = Array.from({ length: rowsAMessage }, (_, i): Frame => {
        const sequence = sent + i + 1;
        const device = tags[sequence % tags.length] as string;
        const values = layout.points.map(
          (_, p) => Math.round(Math.sin(sequence / 900 + p) * 1e6) / 100,
        );
        return { device, sequence, layout: hash, at: from + sequence, clock: "synced", values };
      });
      sent += rowsAMessage;
      const message = messageOf({ gateway, epoch, lane: "values" }, frames);
      publish(topics.frames(gateway), await packJson(message));
    };
    return {
      async fill() {
        while (sent - settled < windowMessages * rowsAMessage) await send();
      },
      async hear(payload: Uint8Array) {
        const ack = unpackJson(payload) as { lanes?: { values?: { upTo: number } } };
        settled = Math.max(settled, ack.lanes?.values?.upTo ?? 0);
        await this.fill();
      },
    };
  }

  broker.on("publish", ({ topic, payload }) => {
    void sources.get(topic)?.hear(Buffer.from(payload));
  });
  for (const id of gateways) publish(topics.layout(id, hash), await packJson(layout), true);
  process.send?.({ port });
  process.on("message", () => {
    for (const one of sources.values()) void one.fill();
  });
}

process.once("message", (order: LoadOrder) => void run(order));
process.once("disconnect", () => process.exit());
