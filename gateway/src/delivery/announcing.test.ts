import { topics } from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../../tests/support/until.ts";
import {
  announcement,
  clock,
  closeDelivery,
  deliver,
  gateway,
  keep,
  openDelivery,
  stopDelivery,
} from "./testing/delivery-bench.ts";
import { startWithholdingBroker, type WithholdingBroker } from "./testing/withholding-broker.ts";

const patient = { timeoutMs: 30_000, everyMs: 5 };
const devices = Array.from({ length: 300 }, (_, i) => `INV-${i}`);
const isDevice = (topic: string) => topic.startsWith(topics.device(gateway, ""));

let broker: WithholdingBroker;
beforeEach(async () => {
  await openDelivery();
  broker = await startWithholdingBroker();
});
afterEach(async () => {
  await closeDelivery();
  await broker.close();
}, 30_000);

const name = "after a connection of a gateway with many devices and a slow broker";
describe(name, { timeout: 60_000 }, () => {
  test("frames and status do not wait until all devices are announced (D-3)", async () => {
    broker.acknowledges((topic) => !isDevice(topic));
    await keep("values", 700);
    await keep("counters", 3);
    const { announce } = announcing();
    for (const tag of devices) announce({ ...announcement, tag });

    const ofFrames = () => broker.topics.filter((topic) => topic === topics.frames(gateway));
    await until("frames of both lanes", () => ofFrames().length >= 3, patient);
    await until("a status", () => broker.topics.includes(topics.status(gateway)), patient);
  });

  test("no frame is sent before its layout is taken (D-2)", async () => {
    broker.acknowledges((topic) => !topic.includes("/layouts/"));
    await keep("values", 700);
    announcing();
    await until("a layout", () => broker.topics.some((one) => one.includes("/layouts/")), patient);
    await until("a status", () => broker.topics.includes(topics.status(gateway)), patient);
    await clock.advance(clock.now() + 10_000);
    expect(broker.topics).not.toContain(topics.frames(gateway));

    broker.acknowledges(() => true);
    await until("frames", () => broker.topics.includes(topics.frames(gateway)), patient);
  });

  test("devices are announced many at a time, and all of them once", async () => {
    broker.acknowledges((topic) => !isDevice(topic));
    const { announce, isConnected } = announcing();
    for (const tag of devices) announce({ ...announcement, tag });
    await until("many announcements", () => broker.topics.filter(isDevice).length >= 50, patient);
    expect(broker.topics.filter(isDevice).length).toBeLessThan(150);

    broker.acknowledges(() => true);
    await until("all announcements", () => told().size === devices.length, patient);
    expect(isConnected()).toBe(true);
    expect(broker.topics.filter(isDevice)).toHaveLength(devices.length);
  });

  test("a device that goes meanwhile is not announced after it was taken back", async () => {
    broker.acknowledges((topic) => !isDevice(topic));
    const { announce, forget } = announcing();
    for (const tag of devices) announce({ ...announcement, tag });
    await until("many announcements", () => broker.topics.filter(isDevice).length >= 50, patient);
    forget("INV-299");
    const last = topics.device(gateway, "INV-299");
    await until("that it is taken back", () => broker.topics.includes(last), patient);

    broker.acknowledges(() => true);
    await until("all announcements", () => told().size === devices.length, patient);
    expect(broker.topics.filter((topic) => topic === last)).toHaveLength(1);
  });

  test("the gateway ends before long, though the broker falls silent meanwhile", async () => {
    broker.acknowledges(() => false);
    const { announce } = announcing();
    for (const tag of devices) announce({ ...announcement, tag });
    await until("many announcements", () => broker.topics.filter(isDevice).length >= 50, patient);
    const begun = performance.now();
    await stopDelivery();
    // Sooner than the silence is noticed.
    expect(performance.now() - begun).toBeLessThan(12_000);
  });
});

function announcing() {
  return deliver({ broker: { url: broker.url, secret: "secret" } });
}

function told(): ReadonlySet<string> {
  return new Set(broker.topics.filter(isDevice));
}
