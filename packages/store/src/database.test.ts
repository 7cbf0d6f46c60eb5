import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { inTransaction } from "./database.ts";
import { findOrganisation } from "./records/find-organisation.ts";
import { openTestDatabase, type TestDatabase } from "./testing/database-for-test.ts";

const endOwnSession = "select pg_terminate_backend(pg_backend_pid())";
let opened: TestDatabase;

beforeAll(async () => {
  opened = await openTestDatabase("sessions");
}, 60_000);
afterAll(() => opened.close());

test("a session lost within a transaction fails that transaction and nothing else", async () => {
  const stray = hearStrayErrors();
  const { pool } = opened.database;

  await expect(inTransaction(pool, (client) => client.query(endOwnSession))).rejects.toThrow(
    "terminating connection",
  );

  expect(await goesOn()).toBe(1);
  expect(stray).toEqual([]);
});

test("a session lost while its transaction asks nothing fails what it asks next", async () => {
  const stray = hearStrayErrors();
  const { pool } = opened.database;
  const lost = inTransaction(pool, async (client) => {
    const { rows } = await client.query("select pg_backend_pid() as pid");
    const gone = new Promise((resolve) => client.once("end", resolve));
    await pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
    await gone;
    return client.query("select 1");
  });

  await expect(lost).rejects.toThrow(/connection/i);
  expect(await goesOn()).toBe(1);
  expect(stray).toEqual([]);
});

test("so it is with a client that a library borrows from the pool", async () => {
  const stray = hearStrayErrors();
  const { orm } = opened.database;

  await expect(orm.transaction((inside) => inside.execute(endOwnSession))).rejects.toThrow();

  expect(await goesOn()).toBe(1);
  expect(stray).toEqual([]);
});

test("looking an organisation up makes none and keeps no transaction open", async () => {
  const { database } = opened;

  expect(await findOrganisation(database, "Nobody")).toBeUndefined();
  expect(await findOrganisation(database, "Nobody")).toBeUndefined();
  const { rows } = await database.pool.query(
    "select count(*)::int as open from pg_stat_activity where state like 'idle in transaction%'",
  );
  expect(rows).toEqual([{ open: 0 }]);
});

async function goesOn(): Promise<number> {
  const { rows } = await opened.database.pool.query("select 1 as answer");
  return rows[0].answer;
}

/** What would have ended a program, as long as the test runs. */
function hearStrayErrors(): unknown[] {
  const heard: unknown[] = [];
  const hear = (error: unknown) => void heard.push(error);
  process.on("uncaughtException", hear);
  onTestFinished(() => void process.off("uncaughtException", hear));
  return heard;
}
