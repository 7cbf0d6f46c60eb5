import { type Database, withinOrganisation } from "../database.ts";

/** How much was kept aside of one gateway. */
export type AsideCount = {
  readonly gateway: string;
  /** Rows that could not be used (D-6). */
  readonly quarantined: number;
  /** Why the newest of them could not be used. */
  readonly reason?: string;
  /** Frames whose key held another frame with other values (D-5). */
  readonly conflicts: number;
  /** When ingest took the newest of them all, Unix milliseconds. */
  readonly newest: number;
};

type Row = {
  gateway: string;
  quarantined: string;
  reason: string | null;
  conflicts: string;
  newest: string;
};

/** What the gateways of an organisation sent that is not among the frames; those with nothing are absent. */
export async function countAside(
  { pool }: Database,
  organisation: string,
): Promise<readonly AsideCount[]> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<Row>(question),
  );
  return rows.map(({ gateway, quarantined, reason, conflicts, newest }) => ({
    gateway,
    quarantined: Number(quarantined),
    ...(reason !== null && { reason }),
    conflicts: Number(conflicts),
    newest: Number(newest),
  }));
}

const question = `
  with kept as (
    select stream, reason, arrival from quarantine where replayed is null
     union all
    select stream, null, arrival from conflict where differs)
  select s.gateway, count(k.reason) as quarantined, count(*) - count(k.reason) as conflicts,
         max(k.arrival) as newest,
         (array_agg(k.reason order by k.arrival desc) filter (where k.reason is not null))[1] as reason
    from kept k join settled s on s.number = k.stream
   group by s.gateway order by s.gateway`;
