import type { Client } from "pg";
import { grantToPrograms } from "../grants.ts";
import { giveIncarnation } from "../incarnation.ts";
import { copyOut } from "./copying.ts";
import { rowTally, type Tally } from "./row-tally.ts";
import { quoted, type Table } from "./tables.ts";

/** Empties the tables of what their steps have put there; the owner sees and fills each as a whole from then on. */
export async function openTables(client: Client, tables: readonly Table[]): Promise<void> {
  await unguard(client, tables);
  for (const { name } of tables) await client.query(`delete from ${quoted(name)}`);
}

/** Lets the owner see the rows of all organisations, within the caller's transaction: nobody else does meanwhile. */
export async function unguard(client: Client, tables: readonly Table[]): Promise<void> {
  await force(client, tables, "no");
}

export async function guard(client: Client, tables: readonly Table[]): Promise<void> {
  await force(client, tables, "");
}

async function force(client: Client, tables: readonly Table[], not: "no" | ""): Promise<void> {
  for (const { name, isGuarded } of tables) {
    if (isGuarded)
      await client.query(`alter table ${quoted(name)} ${not} force row level security`);
  }
}

/** What the session sees of the table. */
export async function tallyOf(client: Client, table: Table, where = ""): Promise<Tally> {
  const tally = rowTally();
  tally.begin();
  for await (const piece of copyOut(client, table, where)) tally.take(piece);
  tally.end();
  return tally.result();
}

export function isSame(one: Tally, other: Tally): boolean {
  return one.rows === other.rows && one.sum === other.sum;
}

/** Lets programs in, to a store of another name than the one it comes from (D-15); the name. */
export async function letProgramsIn(client: Client): Promise<string> {
  await grantToPrograms(client);
  return giveIncarnation(client);
}
