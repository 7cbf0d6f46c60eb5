import type { Client } from "pg";
import { stepsOf } from "../migrate.ts";

/** From then on the session sees the database as of one moment, and writes nothing. */
export async function beginView(client: Client): Promise<void> {
  // However long it takes, and whatever the role's own limits are.
  await client.query("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0");
  await client.query("begin isolation level repeatable read, read only");
}

/** All organisations that records or frames are of. */
export async function organisationsOf(client: Client): Promise<readonly string[]> {
  await client.query("select set_config('sunledger.lookup', 'every organisation', true)");
  const listed = await client.query<{ id: string }>("select id from organisation order by id");
  await client.query("select set_config('sunledger.lookup', '', true)");
  const framed = await client.query<{ all: string[] }>('select frame_organisations() as "all"');
  const ids = [...listed.rows.map(({ id }) => id), ...(framed.rows[0]?.all ?? [])];
  return [...new Set(ids)];
}

/** From then on the session sees the rows of that organisation in guarded tables, or of none. */
export async function enter(client: Client, organisation: string | undefined): Promise<void> {
  await client.query("select set_config('sunledger.organisation', $1, true)", [organisation ?? ""]);
}

/** The steps that the tables have taken; throws one sentence unless they are all of this version. */
export async function requireThisVersion(client: Client): Promise<string[]> {
  const { done, missing } = await stepsOf(client);
  if (missing.length === 0) return done;
  throw new Error('the tables are of an older version: run "sunledger migrate" first');
}
