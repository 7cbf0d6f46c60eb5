import { type Layout, layoutHash } from "@sunledger/model";
import { connectAsync } from "mqtt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lossyPublisher } from "./lossy-publisher.ts";
import { frame, noon, powers } from "./testing/frames.ts";
import type { TestGateway } from "./testing/gateway.ts";
import { type TestHouse, testHouse } from "./testing/house.ts";
import { stallingProxy } from "./testing/stalling-proxy.ts";

let house: TestHouse;
let proxy: Awaited<ReturnType<typeof stallingProxy>>;

beforeEach(async () => {
  house = await testHouse();
  proxy = await stallingProxy(Number(new URL(house.url).port));
});

afterEach(async () => {
  await proxy.close();
  await house.stop();
});

const signal = new AbortController().signal;

test("what waits for a connection that breaks is settled, and the next one is used", async () => {
  const url = `mqtt://127.0.0.1:${proxy.port}`;
  const user = { clientId: "_ingest", username: "_ingest", password: "the house's own secret" };
  const broker = await connectAsync(url, { ...user, reconnectPeriod: 50, queueQoSZero: false });
  const publish = lossyPublisher(broker, signal);
  const topic = "sunledger/v1/roof-17/ack";

  proxy.stall();
  let settled = 0;
  const published = Array.from({ length: 200 }, () =>
    publish(topic, Buffer.alloc(200_000)).then(() => {
      settled += 1;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(settled).toBeLessThan(200);

  proxy.cut();
  await Promise.all(published);
  await publish(topic, Buffer.from("lost without a connection"));
  await expect.poll(() => broker.connected).toBe(true);
  await publish(topic, Buffer.from("said on the next"));
  await broker.endAsync(true);
});

test("a broker that dies while it takes nothing stops ingest only until it is back", {
  timeout: 180_000,
}, async () => {
  const ingest = await house.startIngest({ mqttUrl: `mqtt://127.0.0.1:${proxy.port}` });
  const gateway = await house.gateway();
  await announced(gateway, wide);
  await gateway.send([noisy(1)]);
  await expect.poll(() => gateway.settled()).toEqual([[1, 1]]);

  proxy.stall();
  let sent = 1;
  const next = () => {
    sent += 1;
    return noisy(sent);
  };
  const isStuck = async () => {
    const { commits } = ingest.counters();
    for (let i = 0; i < 20; i += 1) {
      await gateway.send(Array.from({ length: 150 }, next));
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
    return ingest.counters().commits === commits;
  };
  await expect.poll(isStuck, { timeout: 60_000, interval: 1 }).toBe(true);

  proxy.cut();
  const { commits } = ingest.counters();
  gateway.acks.length = 0;
  await expect
    .poll(
      async () => {
        await gateway.send([next()]);
        return gateway.acks.length > 0 && ingest.counters().commits > commits;
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(true);
  await ingest.stop();
});

test("stops while the broker takes nothing", { timeout: 120_000 }, async () => {
  const ingest = await house.startIngest({ mqttUrl: `mqtt://127.0.0.1:${proxy.port}` });
  const gateway = await house.gateway();
  await announced(gateway, powers);
  await gateway.send([frame(1)]);
  await expect.poll(() => gateway.settled()).toEqual([[1, 1]]);

  proxy.stall();
  await gateway.send([frame(2)]);
  await expect.poll(() => ingest.counters().accepted).toBe(2);
  await ingest.stop();
});

const wide: Layout = {
  lane: "values",
  points: Array.from({ length: 60 }, (_, i) => `string[${i}].current`),
};
const wideHash = await layoutHash(wide);

/** Announces a layout and waits until ingest has kept it: this gateway sends nothing twice by itself. */
async function announced(gateway: TestGateway, layout: Layout): Promise<void> {
  await gateway.announce(layout);
  const hash = await layoutHash(layout);
  await expect.poll(() => house.frameStore.layout(hash)).toBeDefined();
}

/** Hard to deflate: live messages soon fill what the link takes. */
function noisy(sequence: number) {
  const values = wide.points.map(() => Math.random() * Math.PI);
  return frame(sequence, { layout: wideHash, at: noon - sequence, values });
}
