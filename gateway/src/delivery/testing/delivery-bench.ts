import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayStatus, type Lane, sizeOf, topics } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { until } from "../../../../tests/support/until.ts";
import { type Outbox, type OutboxParts, openOutbox } from "../../outbox/outbox.ts";
import type { Polled } from "../../polling/polled.ts";
import { type Delivery, type DeliveryParts, startDelivery } from "../start-delivery.ts";
import { type AckingPeer, startAckingPeer } from "./acking-peer.ts";

export const start = Date.UTC(2026, 5, 1);
export const gateway = "roof-17";
export const clock = drivenClock(start);
export const patient = { timeout: 30_000, interval: 5 };
const soon = { timeoutMs: patient.timeout, everyMs: patient.interval };
const log = pino({ level: process.env.LOG_LEVEL ?? "silent" });

export let peer: AckingPeer;
export let outbox: Outbox;
let folder: string;
let stop: AbortController;
let delivery: Delivery | undefined;

/** A broker with a store behind it, and an outbox of one gateway. */
export async function openDelivery(more: Partial<OutboxParts> = {}): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), "sunledger-delivery-"));
  peer = await startAckingPeer();
  outbox = await openOutbox({ folder, clock, log, groupMs: 1, ...more });
  stop = new AbortController();
}

export async function closeDelivery(): Promise<void> {
  await stopDelivery();
  delivery = undefined;
  await outbox.close();
  await peer.close();
  rmSync(folder, { recursive: true });
}

/** Stops what `deliver` began, and waits for its end. */
export async function stopDelivery(): Promise<void> {
  stop.abort();
  await delivery?.ended;
}

export function deliver(parts: Partial<DeliveryParts> = {}): Delivery {
  delivery = startDelivery(
    {
      gateway,
      version: "1",
      broker: { url: peer.url, secret: "secret" },
      outbox,
      clock,
      log,
      linger: { idleMs: 10_000, watchedMs: 100 },
      patienceMs: 60_000,
      random: () => 0.5,
      ...parts,
    },
    stop.signal,
  );
  return delivery;
}

let produced = 0;
export async function keep(lane: Lane, count: number) {
  const frames = Array.from({ length: count }, (): Polled => {
    produced += 1;
    return { device: "INV-01", lane, at: start + produced, points: [lane], values: [produced] };
  });
  await Promise.all(frames.map((frame) => outbox.keep(frame)));
}

export async function connected() {
  await until("a status", () => statuses().length > 0, soon);
}

/** Lets the linger pass. */
export async function release() {
  await connected();
  await clock.advance(clock.now() + 10_000);
}

export async function allSettled() {
  const isSettled = () => {
    const { epoch, lanes } = outbox.state();
    return (["values", "counters"] as const).every(
      (lane) => sizeOf(peer.settled(epoch, lane)) === lanes[lane].last,
    );
  };
  await until("the store to have all", isSettled, soon);
}

export function sent(lane: Lane): number {
  return peer.received
    .filter((message) => message.lane === lane)
    .reduce((sum, { frames }) => sum + frames.length, 0);
}

export function framesOf(lane: Lane, epoch: string): number {
  const messages = peer.received.filter((m) => m.lane === lane && m.epoch === epoch);
  return new Set(messages.flatMap(({ frames }) => frames.map(({ at }) => at))).size;
}

export function distinct(lane: Lane): number {
  const messages = peer.received.filter((message) => message.lane === lane);
  return new Set(messages.flatMap(({ frames }) => frames.map(({ at }) => at))).size;
}

export function told(topic: string): unknown[] {
  return peer.told.filter((message) => message.topic === topic).map(({ message }) => message);
}

export function statuses(): GatewayStatus[] {
  return told(topics.status(gateway)).map((message) => GatewayStatus.parse(message));
}

export const announcement = {
  v: 1 as const,
  tag: "INV-01",
  at: start,
  profile: { id: "sunspec", version: "1" },
  kind: "inverter" as const,
  texts: {},
  points: [],
};
