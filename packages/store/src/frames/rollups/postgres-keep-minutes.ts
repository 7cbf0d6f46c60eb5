import type { PoolClient } from "pg";
import { type Database, isChangedMeanwhile, withinOneView } from "../../database.ts";
import { dayMs } from "../days.ts";
import { type BlockTime, widthCode } from "./blocks.ts";
import { packedBlock, putBlock } from "./postgres-blocks.ts";
import { scansOf } from "./postgres-forget-minutes.ts";
import { readRaw } from "./postgres-raw.ts";
import type { Scan } from "./postgres-stale.ts";
import { renewedBlock } from "./roll-day.ts";
import { rollStretch } from "./roll-stretch.ts";

export type MinutesToKeep = {
  readonly organisation: string;
  /** Unix milliseconds, exclusive `before`. */
  readonly from: number;
  readonly before: number;
  readonly signal?: AbortSignal;
};

/**
 * Puts the points into rows of minutes that are read from their frames, so that these may be forgotten and the minutes
 * stay; answers how many hours of a device and layout that were. What is being rolled up meanwhile waits for the next time.
 */
export async function keepMinutes(
  { pool }: Pick<Database, "pool">,
  { organisation, from, before, signal }: MinutesToKeep,
): Promise<number> {
  let hours = 0;
  for (const scan of await scansOf(pool, organisation)) {
    if (scan.lane === "counters") continue; // their frames are never forgotten
    if (signal?.aborted) return hours;
    const days = await withinOneView(pool, organisation, (client) =>
      daysWithout(client, scan, { from, before }),
    );
    for (const { organisation: number, starts } of days) {
      if (signal?.aborted) return hours;
      hours += await withinOneView(pool, organisation, (client) =>
        fill(client, scan, { organisation: number, starts }),
      ).catch((error: unknown) => {
        if (isChangedMeanwhile(error)) return 0;
        throw error;
      });
    }
  }
  return hours;
}

type Day = { readonly organisation: number; readonly starts: readonly number[] };

/** The hours, day by day, of which there are frames and no points. */
async function daysWithout(
  client: PoolClient,
  { device, layout }: Scan,
  { from, before }: { readonly from: number; readonly before: number },
): Promise<readonly Day[]> {
  const { rows } = await client.query<Day>(
    `select r.organisation, json_agg(r.start order by r.start) as starts from rollup r
      where r.device = $1 and r.layout = $2 and r.width = ${widthCode.minute}
        and r.start >= $3::bigint and r.start < $4::bigint and cardinality(r.bounds) = 1
      group by 1, r.start / ${dayMs} order by r.start / ${dayMs}`,
    [device, layout, from, before],
  );
  return rows;
}

async function fill(
  client: PoolClient,
  scan: Scan & { readonly lane: string },
  { organisation, starts }: Day,
): Promise<number> {
  const from = Math.floor((starts[0] as number) / dayMs) * dayMs;
  const day = { from, to: from + dayMs };
  const raw = await readRaw(client, scan, day);
  if (raw.times.length === 0) return 0;
  const { minutes } = await rollStretch(raw, day, scan.lane === "counters");
  for (const start of starts) {
    const time: BlockTime = { width: "minute", from: start, to: start + hourMs };
    const block = renewedBlock(time, undefined, minutes, [time]);
    await putBlock(client, organisation, scan, await packedBlock(block));
  }
  return starts.length;
}

const hourMs = 3_600_000;
