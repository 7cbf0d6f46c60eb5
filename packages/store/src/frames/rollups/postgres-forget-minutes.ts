import type { Pool, PoolClient } from "pg";
import {
  type Database,
  isChangedMeanwhile,
  withinOneView,
  withinOrganisation,
} from "../../database.ts";
import { dayMs } from "../days.ts";
import { widthCode } from "./blocks.ts";
import type { Scan } from "./postgres-stale.ts";

/**
 * Deletes the roll-ups of minutes from before an instant, a row an hour; answers how many rows that were. Of an hour
 * whose frames are kept a row without points stays, by which its minutes are read from them.
 */
export async function forgetMinutes(
  { pool }: Pick<Database, "pool">,
  { organisation, before }: { readonly organisation: string; readonly before: number },
): Promise<number> {
  let rows = 0;
  for (const scan of await scansOf(pool, organisation)) {
    rows += await withinOneView(pool, organisation, (client) =>
      forgetOf(client, scan, before),
    ).catch((error: unknown) => {
      // Somebody rolls up just this: it is deleted the next time.
      if (isChangedMeanwhile(error)) return 0;
      throw error;
    });
  }
  return rows;
}

type ScanOfLane = Scan & { readonly lane: string };

/** All devices and layouts of an organisation. */
export async function scansOf(pool: Pool, organisation: string): Promise<readonly ScanOfLane[]> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<ScanOfLane>(
      `select u.device, u.layout, l.lane from device_layout u join layout l on l.number = u.layout
        order by u.device, u.layout`,
    ),
  );
  return rows;
}

const oldRows = `r.device = $1 and r.layout = $2 and r.width = ${widthCode.minute}
          and r.start < $3::bigint and r.until <= $3::bigint`;

const hasFrames = `(exists (select from frame f where f.device = $1 and f.layout = $2
              and f.at >= r.start and f.at < r.until)
            or exists (select from packed_day p where p.device = $1 and p.layout = $2
              and p.day = r.start / ${dayMs}))`;

async function forgetOf(
  client: PoolClient,
  { device, layout, lane }: ScanOfLane,
  before: number,
): Promise<number> {
  const emptied = await client.query(
    `update rollup r set bounds = '{0}', columns = ''
      where ${oldRows} and cardinality(r.bounds) > 1 and ${hasFrames}`,
    [device, layout, before],
  );
  // The frames of counters are never forgotten: of these no row goes, and none is looked at twice.
  const deleted =
    lane === "counters"
      ? await client.query(
          `delete from rollup r where ${oldRows} and cardinality(r.bounds) > 1 and not ${hasFrames}`,
          [device, layout, before],
        )
      : await client.query(`delete from rollup r where ${oldRows} and not ${hasFrames}`, [
          ...[device, layout, before],
        ]);
  return (emptied.rowCount ?? 0) + (deleted.rowCount ?? 0);
}
