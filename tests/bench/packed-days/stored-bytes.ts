import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Layout, layoutHash } from "@sunledger/model";
import {
  type Database,
  migrate,
  openDatabase,
  packDays,
  postgresFrameStore,
  type StoredFrame,
  startEmbeddedPostgres,
} from "@sunledger/store";
import type { InverterDay } from "./inverter-day.ts";

const framesABatch = 1_000;

/**
 * Bytes that the days need in PostgreSQL with everything around them, as open rows and packed, and how long
 * the packing takes from the first row read to the last chunk committed.
 */
export async function storedBytes(days: readonly InverterDay[]) {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-bench-"));
  await chmod(folder, 0o755);
  const name = "bench pack";
  const server = await startEmbeddedPostgres({ dataDir: folder, log: { info: () => {} }, name });
  await migrate(server.ownerUrl);
  const app = await openDatabase(server.appUrl, { name });
  const owner = await openDatabase(server.ownerUrl, { name });
  try {
    const organisation = randomUUID();
    await write(app, organisation, days);
    const open = await openBytes(owner);
    const begin = process.hrtime.bigint();
    const packed = await packDays(app, { organisation, before: Date.UTC(2100, 0) });
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    if (packed.days !== days.length) throw new Error(`${packed.days} days were packed`);
    return { open, packed: await bytesOf(owner, "packed_day"), seconds };
  } finally {
    await Promise.all([app.close(), owner.close()]);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(database: Database, organisation: string, days: readonly InverterDay[]) {
  const store = postgresFrameStore(database);
  const layout: Layout = { lane: "values", points: days[0]?.points.map(({ name }) => name) ?? [] };
  const hash = await layoutHash(layout);
  await store.keepLayout(hash, layout);
  const of = { organisation, gateway: "bench", lane: "values", quarantined: [], gaps: [] } as const;
  for (const day of days) {
    const stream = { ...of, epoch: randomUUID(), arrival: 1 };
    const [device, frames] = [randomUUID(), framesOf(day, hash)];
    for (let i = 0; i < frames.length; i += framesABatch) {
      const own = frames.slice(i, i + framesABatch).map((frame) => ({ ...frame, device }));
      await store.write([{ ...stream, frames: own }]);
    }
  }
}

function framesOf({ times, points }: InverterDay, layout: string): Omit<StoredFrame, "device">[] {
  return Array.from(times.numbers, (at, row) => {
    const values = points.map(({ column }) => {
      const value = column.numbers[row] as number;
      return Number.isNaN(value) ? null : value;
    });
    const missing = values.flatMap((value, i) => (value === null ? [[i, "failed"] as const] : []));
    const quality = missing.length > 0 ? { quality: Object.fromEntries(missing) } : {};
    return { sequence: row + 1, layout, at, clock: "synced", values, ...quality };
  });
}

async function openBytes(owner: Database): Promise<number> {
  const { rows } = await owner.pool.query<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'frame'::regclass",
  );
  const sizes = await Promise.all(rows.map(({ name }) => bytesOf(owner, name)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Rows, what is kept beside them, and indexes. */
async function bytesOf({ pool }: Database, table: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    "select pg_total_relation_size($1::regclass) as bytes",
    [table],
  );
  return Number(rows[0]?.bytes);
}
