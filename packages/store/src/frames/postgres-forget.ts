import type { Pool, PoolClient } from "pg";
import { isChangedMeanwhile, withinOneView, withinOrganisation } from "../database.ts";
import { dayOf, dayStart } from "./days.ts";
import type { FrameStore } from "./frame-store.ts";
import { quarterMs } from "./rollups/blocks.ts";

type Query = Parameters<FrameStore["forget"]>[0];

/**
 * Remembers up to when the lane is forgotten, then deletes its days, open or packed: each device and
 * layout by itself, so that no statement takes long. What is left when it is cut short, the next call deletes.
 * What is deleted, and whether the roll-ups hold it, is seen as of one moment: what is written meanwhile stays.
 */
export async function forgetDays(pool: Pool, query: Query): Promise<number> {
  const { organisation, lane, before, except = [], unlessStale = false } = query;
  const scans = await withinOrganisation(pool, organisation, async (client) => {
    await client.query(
      `insert into forgotten (organisation, lane, before) values ($1, $2, $3)
           on conflict (organisation, lane)
           do update set before = greatest(forgotten.before, excluded.before)`,
      [organisation, lane, dayStart(before)],
    );
    const { rows } = await client.query<{ device: number; layout: number }>(
      `select u.device, u.layout from device_layout u join layout l on l.number = u.layout
         join frame_device d on d.number = u.device and d.device <> all($2::uuid[])
        where l.lane = $1 order by u.device, u.layout`,
      [lane, except],
    );
    return rows;
  });
  let count = 0;
  for (const { device, layout } of scans) {
    count += await withinOneView(pool, organisation, async (client) => {
      const scan = [device, layout] as const;
      if (unlessStale && (await isStale(client, scan, before))) return 0;
      return deleteOf(client, scan, before);
    }).catch((error: unknown) => {
      // Somebody packs or rolls up just this: it goes the next time.
      if (unlessStale && isChangedMeanwhile(error)) return 0;
      throw error;
    });
  }
  return count;
}

/** Whether the roll-ups may lack what is to be deleted. */
async function isStale(
  client: PoolClient,
  scan: readonly [device: number, layout: number],
  before: number,
): Promise<boolean> {
  const { rows } = await client.query<{ stale: boolean }>(
    `select not u.marked or exists (select from stale_quarter s
              where s.device = $1 and s.layout = $2 and s.quarter < $3) as stale
       from device_layout u where u.device = $1 and u.layout = $2`,
    [...scan, dayStart(before) / quarterMs],
  );
  return rows[0]?.stale ?? true;
}

async function deleteOf(
  client: PoolClient,
  scan: readonly [device: number, layout: number],
  before: number,
): Promise<number> {
  const open = await client.query(
    "delete from frame where device = $1 and layout = $2 and at < $3::bigint",
    [...scan, dayStart(before)],
  );
  const packed = await client.query<{ frames: number }>(
    "delete from packed_day where device = $1 and layout = $2 and day < $3 returning frames",
    [...scan, dayOf(before)],
  );
  // Nothing is left to roll up: what the roll-ups hold of these days stays.
  await client.query(
    "delete from stale_quarter where device = $1 and layout = $2 and quarter < $3",
    [...scan, dayStart(before) / quarterMs],
  );
  // From now on they alone hold these days: what comes late of them is added.
  await client.query(
    `update device_layout set forgotten = $3::bigint
      where device = $1 and layout = $2 and forgotten < $3::bigint`,
    [...scan, dayStart(before)],
  );
  return packed.rows.reduce((sum, { frames }) => sum + frames, open.rowCount ?? 0);
}
