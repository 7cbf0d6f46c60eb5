import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { migrate, openDatabase } from "@sunledger/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPostgres15, startPostgres15 } from "../support/debian-postgres.ts";
import { environmentOf, startHouse, sunledger, type TestHouse } from "../support/house.ts";
import { makeRoles } from "../support/server-roles.ts";
import { openStored } from "../support/stored.ts";

const run = promisify(execFile);

describe.runIf(hasPostgres15)("data of an older PostgreSQL", () => {
  let house: TestHouse;
  let dump: string;

  beforeAll(async () => {
    house = await startHouse({ demo: false });
    await house.stop();
    dump = join(house.dataDir, "sunledger.dump");
    await dumpOfPostgres15(dump);
  });

  afterAll(() => house?.remove());

  test("are refused by one sentence, the doctor's too, that names what to do", async () => {
    writeFileSync(join(server(), "PG_VERSION"), "15\n");
    const sentence = new RegExp(
      `^Cannot start the embedded PostgreSQL: the data in ${server()} were written by PostgreSQL 15 ` +
        'and this build brings 18: .*"npx sunledger database pg_dump --format=custom .*", move ' +
        'that folder aside, .*"npx sunledger database pg_restore --dbname=sunledger sunledger.dump"$',
      "m",
    );

    const start = await command("start");
    expect([start.code, start.errors]).toEqual([1, expect.stringMatching(sentence)]);
    expect((await command("doctor")).output).toContain("sunledger database pg_restore");
  });

  test("are there again after those commands", async () => {
    renameSync(server(), `${server()}-15`);
    const restored = await command("database", "pg_restore", "--dbname=sunledger", dump);
    expect(restored).toEqual({ code: 0, output: "", errors: "" });

    house = await startHouse({ dataDir: house.dataDir, ports: house.ports, demo: false });
    const stored = await openStored(house.databaseUrl, "Moved");
    try {
      const plants = await stored.records.plants(stored.organisation);
      expect(plants.map(({ code }) => code)).toEqual(["field"]);
    } finally {
      await stored.close();
    }
  });

  test("are for nobody's tools while the house runs", async () => {
    const { code, errors } = await command("database", "psql", "--command", "select 1");

    expect([code, errors]).toEqual([1, expect.stringMatching(/^Sunledger is already running on /)]);
  });

  test("are not touched by a tool that is not there; a tool's exit code is the command's", async () => {
    await house.stop();
    const absent = await command("database", "pg_nothing");
    const failed = await command("database", "psql", "--command", "select nothing");

    expect([absent.code, absent.errors]).toEqual([
      1,
      "Cannot run pg_nothing: it is not installed; it comes with PostgreSQL's client programs.\n",
    ]);
    expect([failed.code, failed.errors]).toEqual([1, expect.stringContaining("nothing")]);
  });

  function server(): string {
    return join(house.dataDir, "postgres", "server");
  }

  function command(...args: string[]) {
    return sunledger(args, environmentOf(house.dataDir, house.ports));
  }
});

/** A database of this version's tables with one organisation, written by PostgreSQL 15. */
async function dumpOfPostgres15(file: string): Promise<void> {
  const server = await startPostgres15();
  try {
    const { ownerUrl, appUrl } = await makeRoles(server.url);
    await migrate(ownerUrl);
    const database = await openDatabase(appUrl, { name: "test", most: 1 });
    const organisation = randomUUID();
    await database.pool.query("select organisation_named('Moved', $1)", [organisation]);
    await database.pool.query("select frame_partition($1)", [Date.UTC(2026, 5)]);
    await database.pool.query(
      `begin; set local sunledger.organisation = '${organisation}';
       insert into plant values ('${randomUUID()}', '${organisation}', 'field', '{"en":"x"}', 'UTC', 0, 0, 0, 0, 0, 0);
       commit`,
    );
    await database.close();
    const superuser = new URL(server.url);
    superuser.pathname = "/sunledger";
    await run("pg_dump", ["--format=custom", `--file=${file}`, superuser.href]);
    expect(readFileSync(file).subarray(0, 5).toString()).toBe("PGDMP");
  } finally {
    await server.stop();
  }
}
