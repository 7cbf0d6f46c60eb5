import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Layout, layoutHash } from "@sunledger/model";
import {
  type Database,
  type FrameBatch,
  migrate,
  openDatabase,
  postgresFrameStore,
  type StoredFrame,
  startEmbeddedPostgres,
} from "@sunledger/store";
import { from as copyFrom } from "pg-copy-streams";

const framesABatch = 1_000;
const devices = 100;
const points = 40;
const start = Date.UTC(2026, 5, 1);

/** The share of a raw COPY that a write through the store must reach. */
const limit = 0.2;

/**
 * Frames a second written through the store, under row-level security, with everything a frame
 * settles, against a raw COPY of the same rows into a plain table; and bytes a value on disk.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-bench-"));
  await chmod(folder, 0o755);
  const log = { info: () => {} };
  const server = await startEmbeddedPostgres({ dataDir: folder, log, name: "bench store" });
  await migrate(server.ownerUrl);
  const app = await openDatabase(server.appUrl, { name: "bench store" });
  const owner = await openDatabase(server.ownerUrl, { name: "bench store" });
  try {
    const layout: Layout = {
      lane: "values",
      points: Array.from({ length: points }, (_, i) => `point.${i}`),
    };
    const hash = await layoutHash(layout);
    const [store, source] = [postgresFrameStore(app), frameSource(hash)];
    await store.keepLayout(hash, layout);
    const written = await timed(seconds / 2, source, (frames) => store.write([batchOf(frames)]));
    await owner.pool.query(
      "create table plain (at bigint, sequence bigint, device int, layout int, gauges float8[])",
    );
    const copied = await timed(seconds / 2, source, (frames) => copy(owner, frames));

    const figure = written.perSecond;
    const [storeBytes, plainBytes] = [await frameBytes(owner), await bytesOf(owner, "plain")];
    return {
      name: "store",
      figure: Math.round(figure),
      unit: "frames/s",
      limit: Math.round(copied.perSecond * limit),
      rawCopy: Math.round(copied.perSecond),
      ratio: round(figure / copied.perSecond),
      ratioToLimit: round(figure / (copied.perSecond * limit)),
      frames: written.frames,
      valuesAFrame: points,
      bytesAValue: {
        heap: round(storeBytes.heap / written.frames / points),
        indexes: round(storeBytes.indexes / written.frames / points),
        rawCopy: round(plainBytes.heap / copied.frames / points),
      },
    };
  } finally {
    await Promise.all([app.close(), owner.close()]);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const organisation = randomUUID();
const epoch = randomUUID();

function batchOf(frames: readonly StoredFrame[]): FrameBatch {
  const head = { organisation, gateway: "bench", epoch, lane: "values", arrival: start } as const;
  return { ...head, frames, quarantined: [], gaps: [] };
}

/** The n-th thousand frames: devices in turn, a poll each second, values as an inverter has them. */
function frameSource(layout: string): (n: number) => readonly StoredFrame[] {
  const ids = Array.from({ length: devices }, () => randomUUID());
  return (n) =>
    Array.from({ length: framesABatch }, (_, i): StoredFrame => {
      const sequence = n * framesABatch + i + 1;
      return {
        device: ids[i % devices] as string,
        sequence,
        layout,
        at: start + Math.floor(sequence / devices) * 1_000,
        clock: "synced",
        values: Array.from({ length: points }, (_, p) => wattsOf(sequence, p)),
      };
    });
}

function wattsOf(sequence: number, point: number): number {
  return Math.round(Math.sin(sequence / 1_000 + point) * 1_000_000) / 100;
}

async function copy({ pool }: Database, frames: readonly StoredFrame[]): Promise<void> {
  const client = await pool.connect();
  try {
    const lines = frames.map(({ at, sequence, values }, i) => {
      return `${at}\t${sequence}\t${i % devices}\t1\t{${values.join(",")}}\n`;
    });
    await pipeline(
      Readable.from([lines.join("")]),
      client.query(copyFrom("copy plain from stdin")),
    );
  } finally {
    client.release();
  }
}

/** Repeats the work, `framesABatch` frames each time; making the frames does not count. */
async function timed(
  seconds: number,
  source: (n: number) => readonly StoredFrame[],
  work: (frames: readonly StoredFrame[]) => Promise<unknown>,
) {
  let [n, spent] = [0, 0n];
  for (; Number(spent) < seconds * 1e9; n += 1) {
    const frames = source(n);
    const begin = process.hrtime.bigint();
    await work(frames);
    spent += process.hrtime.bigint() - begin;
  }
  return { frames: n * framesABatch, perSecond: (n * framesABatch) / (Number(spent) / 1e9) };
}

async function frameBytes(database: Database) {
  const { rows } = await database.pool.query<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'frame'::regclass",
  );
  const parts = await Promise.all(rows.map(({ name }) => bytesOf(database, name)));
  return {
    heap: parts.reduce((sum, { heap }) => sum + heap, 0),
    indexes: parts.reduce((sum, { indexes }) => sum + indexes, 0),
  };
}

async function bytesOf({ pool }: Database, table: string) {
  const { rows } = await pool.query<{ heap: string; indexes: string }>(
    "select pg_table_size($1::regclass) as heap, pg_indexes_size($1::regclass) as indexes",
    [table],
  );
  return { heap: Number(rows[0]?.heap), indexes: Number(rows[0]?.indexes) };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
