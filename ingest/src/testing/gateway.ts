import { randomUUID } from "node:crypto";
import {
  Ack,
  type DeviceEvent,
  type Frame,
  type Layout,
  layoutHash,
  messageOf,
  type Ranges,
  rangesOf,
  settledBy,
  topics,
  unionOf,
} from "@sunledger/model";
import { packJson, unpackJson } from "@sunledger/runtime";
import { connectAsync } from "mqtt";

/** A plain gateway for tests: publishes what it is told, remembers the acks. */
export type TestGateway = {
  readonly id: string;
  readonly epoch: string;
  readonly acks: Ack[];
  announce(layout: Layout): Promise<void>;
  send(frames: readonly Frame[], lane?: Layout["lane"]): Promise<void>;
  tell(events: readonly DeviceEvent[]): Promise<void>;
  publish(what: "frames" | "status", payload: Buffer, retain?: boolean): Promise<void>;
  publishDevice(tag: string, announcement: object): Promise<void>;
  /** The numbers that acks have settled in a lane. */
  settled(lane?: Layout["lane"]): Ranges;
  end(): Promise<void>;
};

export async function testGateway(
  url: string,
  { id, secret, epoch = randomUUID() }: { id: string; secret: string; epoch?: string },
): Promise<TestGateway> {
  const client = await connectAsync(url, {
    ...{ clientId: id, username: id, password: secret },
    // A broker that comes back before its store refuses everybody for a while.
    reconnectOnConnackError: true,
  });
  client.on("error", () => {});
  const acks: Ack[] = [];
  client.on("message", (_topic, payload) => acks.push(Ack.parse(unpackJson(payload))));
  await client.subscribeAsync(topics.ack(id));

  return {
    id,
    epoch,
    acks,
    async announce(layout) {
      const topic = topics.layout(id, await layoutHash(layout));
      await client.publishAsync(topic, await packJson(layout), { qos: 1, retain: true });
    },
    async send(frames, lane = "values") {
      const message = messageOf({ gateway: id, epoch, lane }, frames);
      await client.publishAsync(topics.frames(id), await packJson(message));
    },
    async tell(events) {
      const message = messageOf({ gateway: id, epoch, lane: "counters" }, []);
      await client.publishAsync(topics.frames(id), await packJson({ ...message, events }));
    },
    async publish(what, payload, retain = false) {
      await client.publishAsync(topics[what](id), payload, { qos: 1, retain });
    },
    async publishDevice(tag, announcement) {
      const payload = Buffer.from(JSON.stringify(announcement));
      await client.publishAsync(topics.device(id, tag), payload, { qos: 1, retain: true });
    },
    settled: (lane = "values") =>
      acks.reduce<Ranges>((all, ack) => {
        const own = ack.epoch === epoch ? ack.lanes[lane] : undefined;
        return own ? unionOf(all, settledBy(own)) : all;
      }, rangesOf([])),
    end: () => client.endAsync(true),
  };
}
