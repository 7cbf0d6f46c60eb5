import { cpus } from "node:os";
import { ingestAlone } from "../support/ingest-alone.ts";
import { openPipe, type Pipe, type Program } from "../support/pipe.ts";
import { cpuSeconds } from "../support/process-usage.ts";
import { firstAt, produce, storedFrames } from "./pipe.ts";

/** Frames a second that are offered. */
const offered = Number(process.env.SUNLEDGER_BENCH_RATE ?? 8_000);
const points = 40;
/** So much more of the processor a value may cost when several share the gateways. */
const mostGrowth = 1.1;
/** Of four ingests each has two to four of the first twenty. */
const gateways = 20;
const warmUpSeconds = 5;

/**
 * What a reading costs one ingest alone; then frames of 40 values from outboxes through broker, one, two and four ingests into
 * PostgreSQL, whole as in a house: what a million values cost all ingests together, and whether any is lost. Throughput is
 * that of the cores there are: on two of them more ingests are not faster.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const alone = await ingestAlone(Math.min(seconds, 30));
  const pipe = await openPipe("bench ingest", { gateways, devices: 100 });
  const shared: Awaited<ReturnType<typeof measure>>[] = [];
  try {
    await pipe.startBroker();
    for (const [turn, workers] of [1, 2, 4].entries()) {
      shared.push(await measure(pipe, { workers, turn, seconds }));
    }
  } finally {
    await pipe.close();
  }
  const costs = shared.map(({ cpuSecondsAMillionValues }) => cpuSecondsAMillionValues);
  const growth = round(Math.max(...costs) / (costs[0] ?? 1));
  return {
    name: "ingest",
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
    ...{ alone, offered, valuesAFrame: points, shared, growth, mostGrowth },
    reachesGoal:
      alone.reachesGoal &&
      growth <= mostGrowth &&
      shared.every(({ lost, waiting }) => lost + waiting === 0),
  };
}

type Turn = { readonly workers: number; readonly turn: number; readonly seconds: number };

async function measure(pipe: Pipe, { workers, turn, seconds }: Turn) {
  const starting = Array.from({ length: workers }, (_, i) =>
    pipe.startIngest({
      SUNLEDGER_INGEST_WORKERS: String(workers),
      SUNLEDGER_INGEST_WORKER: String(i + 1),
    }),
  );
  const ingests = await Promise.all(starting);
  const send = (from: number, duration: number) =>
    produce({
      mqttUrl: pipe.mqttUrl,
      gateways: [...pipe.gateways].map(([id, secret]) => ({ id, secret })),
      tags: [...pipe.devices.keys()],
      ...{ points, framesPerSecond: offered, seconds: duration, rowsAMessage: 500, from },
    });
  const from = firstAt + turn * 4 * 86_400_000;
  await send(from + 2 * 86_400_000, warmUpSeconds);
  const before = await storedFrames(pipe);
  const spent = () => ingests.map(({ process: { pid } }) => cpuSeconds(pid));
  const cpuBefore = spent();
  const report = await send(from, seconds);
  const cpu = spent().reduce((sum, one, i) => sum + one - (cpuBefore[i] ?? 0), 0);
  await stopAll(ingests);
  const stored = (await storedFrames(pipe)) - before;
  return {
    workers,
    framesPerSecond: Math.round(report.acknowledged / (report.acknowledgedMs / 1_000)),
    cpuSecondsAMillionValues: round((cpu / (stored * points)) * 1e6),
    ackMs: report.ackMs,
    /** Acknowledged and not stored, and still in the outboxes when the bench gave up waiting. */
    lost: Math.max(0, report.acknowledged - stored),
    waiting: report.produced - report.acknowledged,
  };
}

async function stopAll(programs: readonly Program[]): Promise<void> {
  for (const program of programs) await program.stop();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
