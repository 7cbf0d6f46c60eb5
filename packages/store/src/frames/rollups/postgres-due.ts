import { DatabaseError, type Pool } from "pg";
import { inTransaction, withinOrganisation } from "../../database.ts";
import { dayMs } from "../days.ts";
import { enterToWriteAlone } from "../postgres-packing-lock.ts";
import { quarterMs } from "./blocks.ts";
import type { Scan } from "./postgres-stale.ts";

/** The quarters of one day of UTC of a device and layout that are marked. */
export type Due = Scan & {
  readonly organisation: number;
  readonly id: string;
  readonly lane: string;
  /** Counted from 1970, ascending. */
  readonly quarters: readonly number[];
};

/** The marks up to that round may be taken; `isWhole`: there is none beyond it that is due. */
export type Round = { readonly round: number; readonly isWhole: boolean };

/** Begins a new round, when the running one has marks that are due; answers the last that is over. */
export async function endRound(pool: Pool, organisation: string, limit: number): Promise<Round> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<{ round: number; due: boolean }>(
      `select o.round, exists (select from stale_quarter s
                where s.organisation = o.number and s.quarter < $1::int and s.round >= o.round) as due
         from frame_organisation o`,
      [limit],
    ),
  );
  const [now] = rows;
  if (!now) return { round: 0, isWhole: true };
  if (!now.due) return { round: now.round - 1, isWhole: true };
  return inTransaction(pool, async (client) => {
    await enterToWriteAlone(client, organisation);
    const ended = await client.query<{ round: number }>(
      "update frame_organisation set round = round + 1 returning round - 1 as round",
    );
    return { round: ended.rows[0]?.round ?? 0, isWhole: true };
  }).catch((error: unknown) => {
    // A write takes long: what is due of this round waits for the next time.
    if (isLockNotAvailable(error)) return { round: now.round - 1, isWhole: false };
    throw error;
  });
}

function isLockNotAvailable(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === "55P03";
}

const quartersADay = dayMs / quarterMs;

/** What is due of the newest day before a quarter of which something is, by device; at most so many of them. */
export async function dueOfNewestDay(
  pool: Pool,
  organisation: string,
  { limit, round, most }: { readonly limit: number; readonly round: number; readonly most: number },
): Promise<readonly Due[]> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<Due>(
      `with newest as (
         select s.quarter / ${quartersADay} as day from stale_quarter s
           join frame_organisation o on o.number = s.organisation
          where s.quarter < $1::int and s.round <= $2::int
          order by s.quarter desc limit 1)
       select o.number as organisation, s.device, s.layout, d.device as id, l.lane,
              array_agg(distinct s.quarter order by s.quarter) as quarters
         from newest n
         join stale_quarter s on s.quarter >= n.day * ${quartersADay}
          and s.quarter < least((n.day + 1) * ${quartersADay}, $1::int)
         join frame_organisation o on o.number = s.organisation
         join frame_device d on d.number = s.device
         join layout l on l.number = s.layout
        where s.round <= $2::int
        group by 1, 2, 3, 4, 5
        order by s.device, s.layout limit $3`,
      [limit, round, most],
    ),
  );
  return rows;
}

/** The first quarter of the day that the due ones are in. */
export function dayOfDue({ quarters }: Due): number {
  return Math.floor((quarters[0] as number) / quartersADay) * quartersADay;
}
