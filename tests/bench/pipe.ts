import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { type Layout, layoutHash } from "@sunledger/model";
import { type FrameBatch, postgresFrameStore, type StoredFrame } from "@sunledger/store";
import { openPipe, type Pipe, type Program } from "../support/pipe.ts";
import type { SourceOrder, SourceReport } from "../support/pipe-source.ts";
import { cpuSeconds } from "../support/process-usage.ts";

/** What the pipe must hold: frames a second, and the ack of 99 in 100 within so many milliseconds. */
const goal = { framesPerSecond: 5_000, ackP99Ms: 500 };
const offered = Number(process.env.SUNLEDGER_BENCH_RATE ?? 5_500);
const points = 40;
const devices = 100;
const gateways = 10;
export const firstAt = Date.UTC(2026, 5, 1);
const source = fileURLToPath(new URL("../support/pipe-source.ts", import.meta.url));

/** Who sends a message a row has few devices: the same frames come from more gateways then. */
const forms: readonly Form[] = [
  { form: "batches", rowsAMessage: 500, senders: 2 },
  { form: "one row a message", rowsAMessage: 1, senders: gateways },
];

type Form = { readonly form: string; readonly rowsAMessage: number; readonly senders: number };

/**
 * Frames of 40 values from the gateways' outboxes through broker and ingest into PostgreSQL and the
 * acks back, all as real processes on this machine; the limit is the store alone, writing batches of
 * the size that ingest came to.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const pipe = await openPipe("bench pipe", { gateways, devices });
  try {
    const broker = await pipe.startBroker();
    const results = [];
    for (const [turn, form] of forms.entries()) {
      results.push({ ...form, ...(await measure(pipe, broker, { seconds, turn, ...form })) });
    }
    const framesABatch = Math.max(1, Math.round(results[0]?.framesACommit ?? 1));
    const limit = await storeAlone(pipe, framesABatch, Math.min(seconds, 15));
    const [first] = results;
    return {
      name: "pipe",
      machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
      goal,
      offered,
      valuesAFrame: points,
      results,
      storeAlone: { framesABatch, framesPerSecond: limit },
      ratio: round((first?.framesPerSecond ?? 0) / limit),
    };
  } finally {
    await pipe.close();
  }
}

type Turn = Form & { readonly seconds: number; readonly turn: number };

async function measure(
  pipe: Pipe,
  broker: Program,
  { seconds, rowsAMessage, senders, turn }: Turn,
) {
  const ingest = await pipe.startIngest();
  const before = { broker: cpuSeconds(broker.process.pid), ingest: cpuSeconds(ingest.process.pid) };
  const storedBefore = await storedFrames(pipe);
  const report = await produce({
    mqttUrl: pipe.mqttUrl,
    gateways: [...pipe.gateways].slice(0, senders).map(([id, secret]) => ({ id, secret })),
    tags: [...pipe.devices.keys()],
    points,
    framesPerSecond: offered,
    seconds,
    rowsAMessage,
    from: firstAt + turn * 7 * 86_400_000,
  });
  const busy = (program: Program, since: number) =>
    round((cpuSeconds(program.process.pid) - since) / (report.acknowledgedMs / 1_000));
  const cores = { broker: busy(broker, before.broker), ingest: busy(ingest, before.ingest) };
  await ingest.stop();

  const stored = (await storedFrames(pipe)) - storedBefore;
  const framesPerSecond = Math.round(report.acknowledged / (report.acknowledgedMs / 1_000));
  const lost = Math.max(0, report.acknowledged - stored);
  const waiting = report.produced - report.acknowledged;
  const { commits = 0, accepted = 0, repeated = 0 } = countersOf(ingest);
  return {
    framesPerSecond,
    produced: report.produced,
    acknowledged: report.acknowledged,
    stored,
    /** Acknowledged and not stored: must be none. */
    lost,
    /** Still in the outboxes when the bench gave up waiting. */
    waiting,
    repeated,
    ackMs: report.ackMs,
    framesACommit: Math.round(accepted / Math.max(1, commits)),
    cores,
    reachesGoal:
      framesPerSecond >= goal.framesPerSecond &&
      lost + waiting === 0 &&
      report.ackMs.p99 < goal.ackP99Ms,
  };
}

/** Has a process of its own send what is ordered, through outboxes. */
export function produce(order: SourceOrder): Promise<SourceReport> {
  return new Promise((resolve, reject) => {
    const child = fork(source, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.on("message", (said) => {
      if (typeof said === "object") resolve(said as SourceReport);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the source ended with ${code}`)));
    child.send(order);
  });
}

/** One write after the other, nothing else running. */
async function storeAlone(pipe: Pipe, framesABatch: number, seconds: number): Promise<number> {
  const store = postgresFrameStore(pipe.database.database);
  const layout: Layout = {
    lane: "values",
    points: Array.from({ length: points }, (_, i) => `bench.point.${i}`),
  };
  const hash = await layoutHash(layout);
  await store.keepLayout(hash, layout);
  const ids = [...pipe.devices.values()];
  const epoch = randomUUID();
  let sequence = 0;
  let spent = 0;
  while (spent < seconds * 1_000) {
    const frames = Array.from({ length: framesABatch }, (): StoredFrame => {
      sequence += 1;
      return {
        device: ids[sequence % ids.length] as string,
        sequence,
        layout: hash,
        at: firstAt + 21 * 86_400_000 + Math.floor(sequence / ids.length),
        clock: "synced",
        values: layout.points.map((_, p) => Math.round(Math.sin(sequence / 900 + p) * 1e6) / 100),
      };
    });
    const batch: FrameBatch = {
      organisation: pipe.organisation,
      gateway: "roof-1",
      epoch,
      lane: "values",
      arrival: firstAt,
      frames,
      quarantined: [],
      gaps: [],
    };
    const begin = performance.now();
    await store.write([batch]);
    spent += performance.now() - begin;
  }
  return Math.round(sequence / (spent / 1_000));
}

/** How many frames of the bench are stored. */
export async function storedFrames(pipe: Pipe): Promise<number> {
  const store = postgresFrameStore(pipe.database.database);
  const buckets = await store.buckets({
    organisation: pipe.organisation,
    devices: [...pipe.devices.values()],
    points: ["bench.point.0"],
    from: firstAt,
    to: firstAt + 14 * 86_400_000,
    everyMs: 86_400_000,
  });
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

function countersOf(ingest: Program): Record<string, number> {
  const line = ingest
    .log()
    .split("\n")
    .find((each) => each.includes('"counted"'));
  return line ? JSON.parse(line).counters : {};
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
