import type { PoolClient } from "pg";

// Any number that no other pair of advisory locks takes.
const ofPacking = 83_193;
/** Behind a packing that waits, writers wait as well: it gives up before anybody notices. */
const longestWait = "500ms";

/** Enters the organisation for a write: no day of it is packed until the transaction ends. */
export async function enterToWrite(client: PoolClient, organisation: string): Promise<void> {
  await client.query(
    `select set_config('sunledger.organisation', $1, true),
            pg_advisory_xact_lock_shared(${ofPacking}, $2)`,
    [organisation, keyOf(organisation)],
  );
}

/** Waits, but not for long, until no write of the organisation is under way, and keeps others out. */
export async function lockForPacking(client: PoolClient, organisation: string): Promise<void> {
  await client.query("select set_config('lock_timeout', $1, true)", [longestWait]);
  await client.query(`select pg_advisory_xact_lock(${ofPacking}, $1)`, [keyOf(organisation)]);
}

/** Enters the organisation while no write of it is under way, as `lockForPacking` does. */
export async function enterToWriteAlone(client: PoolClient, organisation: string): Promise<void> {
  await client.query("select set_config('sunledger.organisation', $1, true)", [organisation]);
  await lockForPacking(client, organisation);
}

/** Two organisations with one key only wait for each other. */
function keyOf(organisation: string): number {
  return Number.parseInt(organisation.replaceAll("-", "").slice(-8), 16) | 0;
}
