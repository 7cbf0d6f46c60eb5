import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { systemClock } from "@sunledger/runtime";
import { type FrameBatch, memoryConditions, memoryFrameStore } from "@sunledger/store";
import { pino } from "pino";
import { startIngest } from "../../ingest/src/app.ts";
import type { LoadOrder } from "./ingest-load.ts";

/** Processor time that one reading of so many fields may take an ingest that stores nothing, microseconds. */
const limitUs = 6;
const fields = 18;
const rowsAMessage = 100;
const organisation = "0195a000-0000-7000-8000-000000000001";
const load = fileURLToPath(new URL("./ingest-load.ts", import.meta.url));
const warmUpMs = 3_000;

/**
 * What one ingest takes of the processor for a reading, from the broker's bytes to its ack, where the store costs nothing:
 * the process that measures itself is that ingest; broker and gateways are another one.
 */
export async function ingestAlone(seconds: number) {
  const gateways = Array.from({ length: 10 }, (_, i) => `roof-${i + 1}`);
  const tags = Array.from({ length: 100 }, (_, i) => `INV-${String(i + 1).padStart(3, "0")}`);
  const points = Array.from({ length: fields }, (_, i) => `bench.point.${i}`);
  const from = Date.UTC(2026, 5, 1);
  const order = { gateways, tags, layout: { lane: "values" as const, points }, rowsAMessage, from };
  const { child, port } = await openLoad(order);
  const stopping = new AbortController();
  const stops: (() => unknown)[] = [];
  const scope = {
    log: pino({ level: "error" }, pino.destination(2)),
    signal: stopping.signal,
    onStop: (_name: string, stop: () => unknown) => void stops.push(stop),
  };
  const ingest = startIngest(
    {
      mqttUrl: `mqtt://127.0.0.1:${port}`,
      mqtt: { clientId: "_ingest", username: "_ingest", password: "none" },
      frameStore: nullStore(),
      records: recordsOf(tags),
      conditions: memoryConditions(),
      ...{ commitMs: 20, packAfterDays: 30, keepRawDays: 730, keepMinutesDays: 730 },
      clock: { ...systemClock(), now: () => from + 86_400_000 },
      pace: systemClock(),
    },
    scope,
  );
  try {
    while (ingest.missing() === "broker") await systemClock().wait(5);
    await systemClock().wait(200);
    child.send("begin");
    await systemClock().wait(warmUpMs);
    const before = {
      rows: ingest.counters().accepted,
      cpu: process.cpuUsage(),
      at: performance.now(),
    };
    await systemClock().wait(seconds * 1_000);
    const rows = ingest.counters().accepted - before.rows;
    const { user, system } = process.cpuUsage(before.cpu);
    const figure = (user + system) / rows;
    return {
      figure: round(figure),
      unit: `µs of CPU a reading of ${fields} fields in messages of ${rowsAMessage}, nothing stored`,
      limit: limitUs,
      ratio: round(figure / limitUs),
      readingsPerSecond: Math.round(rows / ((performance.now() - before.at) / 1_000)),
      rowsACommit: Math.round(ingest.counters().accepted / Math.max(1, ingest.counters().commits)),
      quarantined: ingest.counters().quarantined,
      reachesGoal: rows > 0 && figure <= limitUs,
    };
  } finally {
    stopping.abort();
    for (const stop of stops.reverse()) await stop();
    child.disconnect();
  }
}

async function openLoad(order: LoadOrder): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(load, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.send(order);
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return { child, port };
}

/** Says that all is stored. */
function nullStore() {
  const last = new Map<string, number>();
  return {
    ...memoryFrameStore(),
    async write(batches: readonly FrameBatch[]) {
      return batches.map(({ gateway, frames, quarantined }) => {
        const sequences = frames.map(({ sequence }) => sequence);
        const upTo = Math.max(last.get(gateway) ?? 0, ...sequences);
        if (quarantined.length > 0) throw new Error(`quarantined: ${quarantined[0]?.reason}`);
        last.set(gateway, upTo);
        const settled: [number, number][] = upTo > 0 ? [[1, upTo]] : [];
        return { fresh: new Set(sequences), repeated: 0, conflicts: 0, settled, newEpoch: false };
      });
    },
    settled: async () => [],
  };
}

function recordsOf(tags: readonly string[]) {
  const id = (i: number) => `0195a000-0000-7000-8000-${String(i).padStart(12, "0")}`;
  const devices = new Map(tags.map((tag, i) => [tag, id(i + 10)]));
  return {
    gatewayEntry: async (gateway: string) => ({
      ...{ id: gateway, organisation, plant: id(1), secretHash: "", devices },
    }),
    plants: async () => [],
    deviceList: async () => [],
    keepStatus: async () => {},
    keepAnnouncement: async () => {},
    keepEvents: async () => {},
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
