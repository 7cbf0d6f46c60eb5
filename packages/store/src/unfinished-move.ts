import type { Pool } from "pg";

/** The table that says how far a move into this database has come; it goes when all is over. */
export const unfinishedMove = "moving";

/** Half an installation is none: no program is to work on it. */
export async function refuseUnfinishedMove(client: Pick<Pool, "query">): Promise<void> {
  const { rows } = await client.query<{ begun: boolean }>(
    `select to_regclass('public.${unfinishedMove}') is not null as begun`,
  );
  if (!rows[0]?.begun) return;
  throw new Error(
    'an installation is being moved into this database and is not all there: let "sunledger move" go on to its end',
  );
}
