import { type Frame, layoutHash } from "@sunledger/model";
import { systemClock } from "@sunledger/runtime";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import { frame, noon, powers } from "../testing/frames.ts";
import type { TestGateway } from "../testing/gateway.ts";
import { type TestHouse, testHouse } from "../testing/house.ts";

const hour = 3_600_000;

let house: TestHouse;

beforeEach(async () => {
  house = await testHouse();
});

afterEach(() => house.stop());

test("frames stay with their gateway while ingest's clock is set back, and are taken when it is right (D-14, F8)", async () => {
  const watch = { backMs: 0 };
  const ingest = await house.startIngest({ clock: clockOf(watch) });
  const gateway = await announced();
  await gateway.send(frames(1, 10));
  await settles(gateway, 10);

  watch.backMs = hour;
  await gateway.send(frames(11, 20));
  await vi.waitFor(() => expect(ingest.counters().left).toBe(10), patient);
  const acks = gateway.acks.length;
  await gateway.send(frames(1, 10)); // what is not ahead is taken as ever
  await vi.waitFor(() => expect(gateway.acks.length).toBeGreaterThan(acks), patient);
  expect(gateway.settled()).toEqual([[1, 10]]);
  expect(ingest.counters()).toMatchObject({ accepted: 10, quarantined: 0 });

  watch.backMs = 0;
  await gateway.publish("status", statusOf(gateway));
  // It asks for what it has left.
  await vi.waitFor(() => expect(gateway.acks.at(-1)?.reset).toBe(true), patient);
  await gateway.send(frames(11, 20));
  await settles(gateway, 20);
  expect(ingest.counters().quarantined).toBe(0);
});

test("an ingest that begins with a clock before what its gateways' last words bear leaves their frames too", async () => {
  const entry = house.entries.get("roof-17");
  if (entry) house.entries.set("roof-17", { ...entry, heardAt: noon });
  const ingest = await house.startIngest({ clock: clockOf({ backMs: 365 * 24 * hour }) });
  const gateway = await announced();
  await gateway.send(frames(1, 10));

  await vi.waitFor(() => expect(ingest.counters().left).toBe(10), patient);
  expect(ingest.counters()).toMatchObject({ accepted: 0, quarantined: 0 });
});

async function announced(): Promise<TestGateway> {
  const gateway = await house.gateway();
  await gateway.announce(powers);
  const hash = await layoutHash(powers);
  await vi.waitFor(async () => expect(await house.frameStore.layout(hash)).toBeDefined(), patient);
  return gateway;
}

async function settles(gateway: TestGateway, upTo: number): Promise<void> {
  await vi.waitFor(() => expect(gateway.settled()).toEqual([[1, upTo]]), patient);
}

function clockOf(watch: { readonly backMs: number }) {
  return { ...systemClock(), now: () => noon - watch.backMs };
}

function frames(from: number, to: number): Frame[] {
  return Array.from({ length: to - from + 1 }, (_, i) => frame(from + i));
}

function statusOf({ epoch }: TestGateway): Buffer {
  return Buffer.from(JSON.stringify({ v: 1, state: "online", at: noon, epoch }));
}
