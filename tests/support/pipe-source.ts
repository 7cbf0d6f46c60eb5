import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { includes, type Ranges, sizeOf } from "@sunledger/model";
import { systemClock } from "@sunledger/runtime";
import { pino } from "pino";
import { startDelivery } from "../../gateway/src/delivery/start-delivery.ts";
import { type Outbox, openOutbox } from "../../gateway/src/outbox/outbox.ts";

/** What the bench tells one source: a process that is some gateways without devices. */
export type SourceOrder = {
  readonly mqttUrl: string;
  readonly gateways: readonly { readonly id: string; readonly secret: string }[];
  readonly tags: readonly string[];
  readonly points: number;
  readonly framesPerSecond: number;
  readonly seconds: number;
  readonly rowsAMessage: number;
  /** The event time of the first frame. */
  readonly from: number;
};

export type SourceReport = {
  readonly produced: number;
  readonly acknowledged: number;
  /** When the last frame was produced and when everything was acknowledged, after the first frame. */
  readonly producedMs: number;
  readonly acknowledgedMs: number;
  /** From a frame on disk to its ack, in milliseconds. */
  readonly ackMs: { readonly p50: number; readonly p99: number; readonly worst: number };
};

const tickMs = 20;
const drainPatienceMs = 60_000;

/** Every gateway takes its share of each tick's frames and hands them to its outbox. */
async function run(order: SourceOrder): Promise<SourceReport> {
  const latencies: number[] = [];
  const stopping = new AbortController();
  const sources = await Promise.all(
    order.gateways.map((gateway) => openSource(order, gateway, latencies, stopping.signal)),
  );
  process.send?.("ready");

  const begin = performance.now();
  let due = 0;
  let produced = 0;
  while (performance.now() - begin < order.seconds * 1_000) {
    await new Promise((resolve) => setTimeout(resolve, tickMs));
    const elapsed = Math.min(performance.now() - begin, order.seconds * 1_000);
    due = Math.floor((elapsed / 1_000) * order.framesPerSecond);
    for (; produced < due; produced += 1) sources[produced % sources.length]?.produce();
  }
  const producedMs = performance.now() - begin;
  while (sources.some((source) => !source.isDone())) {
    if (performance.now() - begin > producedMs + drainPatienceMs) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const acknowledgedMs = performance.now() - begin;
  const acknowledged = sources.reduce((sum, source) => sum + source.acknowledged(), 0);
  stopping.abort();
  await Promise.all(sources.map((source) => source.close()));

  latencies.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latencies[Math.floor(latencies.length * share)] ?? -1);
  const ackMs = { p50: at(0.5), p99: at(0.99), worst: Math.round(latencies.at(-1) ?? -1) };
  return { produced, acknowledged, producedMs, acknowledgedMs, ackMs };
}

async function openSource(
  order: SourceOrder,
  { id, secret }: SourceOrder["gateways"][number],
  latencies: number[],
  signal: AbortSignal,
) {
  const log = pino({ level: "error" }, pino.destination(2));
  const folder = mkdtempSync(join(tmpdir(), "sunledger-source-"));
  const clock = systemClock();
  const outbox = await openOutbox({ folder, clock, log, mostQueued: 200_000 });
  const watched = watchAcks(outbox, latencies);
  const delivery = startDelivery(
    {
      gateway: id,
      version: "bench",
      broker: { url: order.mqttUrl, secret },
      outbox: watched.outbox,
      clock,
      log,
      linger: { idleMs: 0, watchedMs: 0 },
      limits: { rowsAMessage: order.rowsAMessage },
    },
    signal,
  );
  const points = Array.from({ length: order.points }, (_, i) => `bench.point.${i}`);
  const own = order.gateways.findIndex((gateway) => gateway.id === id);
  let produced = 0;

  return {
    produce() {
      const device = order.tags[produced % order.tags.length] as string;
      const poll = Math.floor(produced / order.tags.length) * order.gateways.length + own;
      const values = points.map((_, p) => Math.round(Math.sin(produced / 900 + p) * 1e6) / 100);
      produced += 1;
      void outbox
        .keep({ device, lane: "values", at: order.from + poll, points, values })
        .then(watched.onDisk);
    },
    isDone: () => watched.acknowledged() === produced,
    acknowledged: watched.acknowledged,
    async close() {
      await delivery.ended;
      await outbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Frames come to disk in the order of their numbers; an ack names those that are stored. */
function watchAcks(outbox: Outbox, latencies: number[]) {
  const onDiskAt: number[] = [];
  const open = new Set<number>();
  let settled: Ranges = [];
  const watched: Outbox = {
    ...outbox,
    settle(epoch, lane, stored) {
      if (lane === "values") {
        settled = stored.settled;
        const now = performance.now();
        for (const number of open) {
          if (!includes(settled, number)) continue;
          latencies.push(now - (onDiskAt[number] ?? now));
          open.delete(number);
        }
      }
      outbox.settle(epoch, lane, stored);
    },
  };
  let numbers = 0;
  const onDisk = () => {
    numbers += 1;
    onDiskAt[numbers] = performance.now();
    open.add(numbers);
  };
  return { outbox: watched, onDisk, acknowledged: () => sizeOf(settled) };
}

process.once("message", async (order: SourceOrder) => {
  const report = await run(order);
  process.send?.(report);
  process.disconnect();
});
