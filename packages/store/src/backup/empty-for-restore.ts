import type { Client } from "pg";
import { quoted } from "./tables.ts";

/** A database that a restore would take something away from; the message says what to do. */
export class Unrestorable extends Error {
  override readonly name = "Unrestorable";
}

/** Made by the steps themselves, in every new database. */
const madeBySteps = ["migration", "incarnation"];

/**
 * Takes away the tables and functions of Sunledger, within the caller's transaction. Throws
 * `Unrestorable` for a database that somebody uses, that holds something else, or, unless they may be
 * replaced, rows.
 */
export async function emptyForRestore(client: Client, replace: boolean): Promise<void> {
  await refuseUsed(client);
  const tables = await namesOf(
    client,
    `select c.relname as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition order by 1`,
  );
  if (tables.length > 0 && !tables.includes("migration")) {
    throw new Unrestorable(
      `it holds tables of something else (${tables.slice(0, 3).join(", ")}): make an empty database for it`,
    );
  }
  const filled = replace ? undefined : await firstWithRows(client, tables);
  if (filled !== undefined) {
    throw new Unrestorable(
      `it is not empty (there are rows in "${filled}"): restore into an empty database, ` +
        "or say --replace to lose what it holds",
    );
  }
  for (const name of tables) await client.query(`drop table ${quoted(name)} cascade`);
  const functions = await namesOf(
    client,
    `select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace = 'public'::regnamespace and pg_has_role(p.proowner, 'usage')
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  );
  for (const name of functions) await client.query(`drop function ${name}`);
}

/** Throws `Unrestorable` where others are at the database: a program that stores while its tables are replaced would fail, or store into those that come. */
export async function refuseUsed(client: Client): Promise<void> {
  let users = await usersOf(client);
  // A session that was just ended is seen for another moment.
  for (let tries = 20; users.length > 0 && tries > 0; tries -= 1) {
    await client.query("select pg_sleep(0.1), pg_stat_clear_snapshot()");
    users = await usersOf(client);
  }
  if (users.length === 0) return;
  throw new Unrestorable(`it is in use by ${users.join(", ")}: stop what uses it first`);
}

function usersOf(client: Client): Promise<string[]> {
  return namesOf(
    client,
    `select distinct coalesce(nullif(application_name, ''), 'a program') as name
       from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and usename is not null`,
  );
}

/** Which of them has a row, whatever organisation that is of. */
async function firstWithRows(
  client: Client,
  tables: readonly string[],
): Promise<string | undefined> {
  await client.query("savepoint look");
  try {
    for (const name of tables) {
      if (madeBySteps.includes(name)) continue;
      await client.query(`alter table ${quoted(name)} no force row level security`);
      const { rowCount } = await client.query(`select from ${quoted(name)} limit 1`);
      if (rowCount) return name;
    }
    return undefined;
  } finally {
    await client.query("rollback to savepoint look");
  }
}

async function namesOf(client: Client, query: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(query);
  return rows.map(({ name }) => name);
}
