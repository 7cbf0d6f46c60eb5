import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { includes, type Lane, noRanges, type Ranges, sizeOf, watermarkOf } from "@sunledger/model";
import { type DrivenClock, drivenClock, systemClock } from "@sunledger/runtime";
import { pino } from "pino";
import { startDelivery } from "../../gateway/src/delivery/start-delivery.ts";
import { lanes } from "../../gateway/src/outbox/lane-state.ts";
import { fleetPoints, fleetValues, pollsACounter } from "./fleet-values.ts";
import { outboxInThread } from "./outbox-in-thread.ts";

/** What one process of gateways without devices is told. */
export type FleetOrder = {
  readonly mqttUrl: string;
  readonly gateways: readonly {
    readonly id: string;
    readonly secret: string;
    /** Sets its instants apart from the others': they share their devices. */
    readonly number: number;
  }[];
  readonly tags: readonly string[];
  /** The first instant without a broker. */
  readonly from: number;
  readonly everyMs: number;
  readonly polls: number;
};

export type FleetReport = {
  /** Frames of the time without a broker, and of the time since. */
  readonly backlog: number;
  readonly live: number;
  /** From the return until all of the backlog was acknowledged, milliseconds. */
  readonly drainedMs: number;
  /** From the return until each gateway had a live frame acknowledged, milliseconds. */
  readonly liveAgainMs: number;
  /** From then on, while the backlog drains and after: from a live frame on disk to its ack, milliseconds. */
  readonly liveP99Ms: number;
};

type Word = FleetOrder | "return" | "end";

/** Tens of thousands of commits: a disk's flushes are tried elsewhere. */
const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const drainPatienceMs = 280_000;
/** Enough to tell how live frames fare, however soon the backlog is gone. */
const leastLivePolls = 6;

/** The hour passes while nobody listens; then all come back at once, and go on measuring. */
async function run(order: FleetOrder): Promise<void> {
  const clock = drivenClock(order.from);
  const stopping = new AbortController();
  const sources = await Promise.all(order.gateways.map((own) => openSource(order, own, clock)));
  for (let poll = 0; poll < order.polls; poll += 1) {
    await clock.advance(order.from + poll * order.everyMs);
    for (const source of sources) source.keep(poll);
  }
  await Promise.all(sources.map((source) => source.written()));
  const backlog = sources.reduce((sum, source) => sum + source.produced(), 0);
  process.send?.("ready");

  await heard("return");
  const begin = performance.now();
  for (const source of sources) source.deliver(stopping.signal);
  const isWithinPatience = () => performance.now() - begin < drainPatienceMs;
  let poll = order.polls;
  const goesOn = () =>
    poll < order.polls + leastLivePolls || sources.some((source) => !source.hasDrained());
  let drainedMs = 0;
  while (goesOn() && isWithinPatience()) {
    await clock.advance(order.from + poll * order.everyMs);
    for (const source of sources) source.keep(poll, true);
    poll += 1;
    await pause(1_000);
    if (drainedMs === 0 && sources.every((source) => source.hasDrained())) {
      drainedMs = performance.now() - begin;
    }
  }
  while (sources.some((source) => source.waiting() > 0) && isWithinPatience()) await pause(50);
  const latencies = sources.flatMap((source) => source.latencies()).sort((a, b) => a - b);
  const report: FleetReport = {
    backlog,
    live: sources.reduce((sum, source) => sum + source.produced(), 0) - backlog,
    drainedMs: Math.round(drainedMs || performance.now() - begin),
    liveAgainMs: Math.round(Math.max(...sources.map((source) => source.liveAgainMs()))),
    liveP99Ms: Math.round(latencies[Math.floor(latencies.length * 0.99)] ?? -1),
  };
  process.send?.(report);

  await heard("end");
  stopping.abort();
  await Promise.all(sources.map((source) => source.close()));
  process.disconnect();
}

async function openSource(
  { mqttUrl, tags, from }: FleetOrder,
  { id, secret, number }: FleetOrder["gateways"][number],
  clock: DrivenClock,
) {
  const log = pino({ level: "error" }, pino.destination(2));
  const folder = mkdtempSync(join(memory, "sunledger-fleet-"));
  const outbox = await outboxInThread(folder, clock);
  const writing: Promise<void>[] = [];
  /** When a live frame of values was on disk, by its number. */
  const open = new Map<number, number>();
  const latencies: number[] = [];
  const produced = { counters: 0, values: 0 };
  let backlog = { ...produced };
  const acknowledged: Record<Lane, Ranges> = { counters: noRanges, values: noRanges };
  let returnedAt = 0;
  let liveAgainMs: number | undefined;
  let delivery: ReturnType<typeof startDelivery> | undefined;

  const keepOne = (lane: Lane, place: number, isLive: boolean) => {
    produced[lane] += 1;
    const own = produced[lane];
    const at = clock.now() + number;
    const values = fleetValues(lane, at - from, place);
    const kept = outbox.keep({
      device: tags[place] ?? "",
      lane,
      at,
      points: fleetPoints[lane],
      values,
    });
    const isWatched = isLive && lane === "values";
    writing.push(kept.then(() => void (isWatched && open.set(own, performance.now()))));
  };
  const hear = (settled: Ranges) => {
    const now = performance.now();
    for (const [own, since] of open) {
      if (!includes(settled, own)) continue;
      open.delete(own);
      if (liveAgainMs !== undefined && since > returnedAt + liveAgainMs)
        latencies.push(now - since);
      liveAgainMs ??= now - returnedAt;
    }
  };

  return {
    keep(poll: number, isLive = false) {
      for (const place of tags.keys()) {
        keepOne("values", place, isLive);
        if (poll % pollsACounter === 0) keepOne("counters", place, isLive);
      }
    },
    written: () => Promise.all(writing.splice(0)),
    deliver(signal: AbortSignal) {
      backlog = { ...produced };
      returnedAt = performance.now();
      const settle: typeof outbox.settle = (epoch, lane, stored) => {
        acknowledged[lane] = stored.settled;
        if (lane === "values") hear(stored.settled);
        outbox.settle(epoch, lane, stored);
      };
      delivery = startDelivery(
        {
          ...{ gateway: id, version: "fleet", broker: { url: mqttUrl, secret }, log },
          outbox: { ...outbox, settle },
          clock: { ...systemClock(), now: clock.now },
          linger: { idleMs: 0, watchedMs: 0 },
        },
        signal,
      );
    },
    produced: () => produced.counters + produced.values,
    latencies: () => latencies,
    liveAgainMs: () => liveAgainMs ?? Number.POSITIVE_INFINITY,
    hasDrained: () => lanes.every((lane) => watermarkOf(acknowledged[lane]) >= backlog[lane]),
    waiting: () =>
      lanes.reduce((sum, lane) => sum + produced[lane] - sizeOf(acknowledged[lane]), 0),
    async close() {
      await delivery?.ended;
      await outbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function heard(wanted: Word): Promise<void> {
  return new Promise((resolve) => {
    const hear = (word: Word) => {
      if (word !== wanted) return;
      process.off("message", hear);
      resolve();
    };
    process.on("message", hear);
  });
}

process.once("message", (order: FleetOrder) => void run(order));
