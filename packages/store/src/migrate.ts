import { readFile } from "node:fs/promises";
import type { Client } from "pg";
import * as z from "zod";
import { type Database, refuseMightyRole } from "./database.ts";
import { grantToPrograms } from "./grants.ts";
import { inSession } from "./session.ts";
import { refuseUnfinishedMove } from "./unfinished-move.ts";

const folder = new URL("../migrations/", import.meta.url);
const Journal = z.object({ entries: z.array(z.object({ tag: z.string() })) });

// Any number that no other advisory lock takes: one migration at a time.
export const lockKey = "8319397736741218164";

/**
 * Brings the database's tables to this version, signed in as their owner, and says which steps that
 * took: none when it is up to date. Refuses a database that a newer version has changed.
 */
export async function migrate(ownerUrl: string): Promise<{ applied: string[] }> {
  return inSession(ownerUrl, "sunledger-migrate", async (client) => {
    await refuseMightyRole(client);
    await refuseUnfinishedMove(client);
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    const applied = await applyMissing(client);
    await grantToPrograms(client);
    return { applied };
  });
}

/** The steps that `migrate` would take, seen by any role; throws as it does for a newer database. */
export async function missingSteps({ pool }: Database): Promise<string[]> {
  const { rows } = await pool.query<{ made: boolean }>(
    "select to_regclass('public.migration') is not null as made",
  );
  return rows[0]?.made ? stepsMissing(pool) : stepsOfThisVersion();
}

async function applyMissing(client: Client): Promise<string[]> {
  await makeStepsTable(client);
  const missing = await stepsMissing(client);
  for (const step of missing) await apply(client, step);
  return missing;
}

export async function makeStepsTable(client: Client): Promise<void> {
  await client.query("create table if not exists migration (step text primary key)");
}

async function stepsMissing(client: Pick<Client, "query">): Promise<string[]> {
  return (await stepsOf(client)).missing;
}

/** The steps that were taken, and those of this version that were not; throws for a newer database. */
export async function stepsOf(
  client: Pick<Client, "query">,
): Promise<{ done: string[]; missing: string[] }> {
  const { rows } = await client.query<{ step: string }>("select step from migration");
  const done = new Set(rows.map(({ step }) => step));
  const steps = await stepsOfThisVersion();

  const unknown = [...done].find((step) => !steps.includes(step));
  if (unknown) {
    throw new Error(
      `the database was changed by a newer version of Sunledger (step ${unknown}): start that one`,
    );
  }
  return {
    done: steps.filter((step) => done.has(step)),
    missing: steps.filter((step) => !done.has(step)),
  };
}

/** All steps that this version knows, in their order. */
export async function stepsOfThisVersion(): Promise<string[]> {
  const journal = await readFile(new URL("meta/_journal.json", folder), "utf8");
  return Journal.parse(JSON.parse(journal)).entries.map(({ tag }) => tag);
}

/** One step is done as a whole or not at all. */
async function apply(client: Client, step: string): Promise<void> {
  try {
    await client.query("begin");
    await takeStep(client, step);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {}); // of a lost session the first error says why
    throw error;
  }
}

/** Takes a step of this version, within the transaction of the caller. */
export async function takeStep(client: Client, step: string): Promise<void> {
  const text = await readFile(new URL(`${step}.sql`, folder), "utf8");
  try {
    for (const statement of text.split("--> statement-breakpoint")) await client.query(statement);
    await client.query("insert into migration (step) values ($1)", [step]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the database could not be brought to step ${step}: ${reason}`, { cause });
  }
}
