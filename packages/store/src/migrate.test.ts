import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openDatabase } from "./database.ts";
import { postgresFrameStore } from "./frames/postgres-frame-store.ts";
import { migrate } from "./migrate.ts";
import { postgresCommands } from "./records/postgres-commands.ts";
import { postgresRecords } from "./records/postgres-records.ts";
import { type EmptyServer, openEmptyServer } from "./testing/database-for-test.ts";
import { sampleHouse } from "./testing/sample-house.ts";

// A busy machine is slow to start servers and to stop them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let server: EmptyServer;

beforeAll(async () => {
  server = await openEmptyServer("migrate test");
});

afterAll(async () => {
  await server.close();
});

describe("migrate", () => {
  test("takes the missing steps once, whoever asks at the same time", async () => {
    const url = await server.newDatabase("migrate_together");

    const answers = await Promise.all([migrate(url), migrate(url), migrate(url)]);

    const steps = readdirSync(new URL("../migrations/", import.meta.url)).filter((file) =>
      file.endsWith(".sql"),
    );
    expect(answers.map(({ applied }) => applied.length).sort()).toEqual([0, 0, steps.length]);
    expect((await migrate(url)).applied).toEqual([]);
  });

  test("refuses a database that a newer version has changed", async () => {
    const url = await server.newDatabase("migrate_newer");
    await migrate(url);
    await run(url, "insert into migration values ('9999_future')");

    await expect(migrate(url)).rejects.toThrow(
      "changed by a newer version of Sunledger (step 9999_future)",
    );
  });

  test("serves programs that sign in as the single role that owns the tables", async () => {
    const url = await server.newDatabase("migrate_single");
    await migrate(url);
    const database = await openDatabase(url, { name: "single role" });
    const records = postgresRecords(database);

    const organisation = await records.organisation("Single");

    expect(await records.organisation("Single")).toBe(organisation);
    expect(await run(url, "select * from organisation")).toEqual([]);
    await records.close();
  });

  test("lets devices be found by what they said to an older version", async () => {
    const url = await server.newDatabase("migrate_search");
    await migrate(url);
    const database = await openDatabase(url, { name: "older" });
    const records = postgresRecords(database);
    const houses = await Promise.all(["ES-1", "A\0B", "A\ud800"].map(() => sampleHouse(database)));
    for (const [i, serial] of ["ES-1", "A\0B", "A\ud800"].entries()) {
      const { own, device } = houses[i] as (typeof houses)[number];
      await records.keepAnnouncement(own, device, {
        ...{ v: 1, tag: "INV-01", at: 1, kind: "inverter", points: [] },
        ...{ texts: { "id.serial": serial }, profile: { id: "sunspec", version: "1" } },
      });
    }
    await run(url, "alter table device drop column serial, drop column model");
    await run(url, "delete from migration where step = '0006_search'");

    expect((await migrate(url)).applied).toEqual(["0006_search"]);

    const found = await Promise.all(
      houses.map(({ own }) => records.search({ organisation: own, text: "es-1", most: 9 })),
    );
    expect(found.map((places) => places.length)).toEqual([1, 0, 0]);
    await records.close();
  });

  test("tells by a code why an older version put a row in quarantine", async () => {
    const url = await server.newDatabase("migrate_quarantine");
    await migrate(url);
    const database = await openDatabase(url, { name: "older" });
    const { own } = await sampleHouse(database);
    const store = postgresFrameStore(database);
    const reasons = ["unknown device INV-99", "a row is not an array"];
    const gateway = "older-gw";
    await store.write([
      {
        ...({ organisation: own, gateway, epoch: randomUUID(), lane: "values" } as const),
        ...{ arrival: 1, frames: [], gaps: [] },
        quarantined: reasons.map((reason) => ({ code: "future", reason, payload: reason })),
      },
    ]);
    await run(url, "alter table quarantine drop column code");
    await run(url, "delete from migration where step = '0007_quarantine-code'");

    expect((await migrate(url)).applied).toEqual(["0007_quarantine-code"]);

    const query = { organisation: own, gateways: [gateway], most: 9, skip: 0 };
    const told = (await store.quarantined(query)).map(({ code, reason }) => [code, reason]);
    expect(told.sort()).toEqual([
      ["malformed", "a row is not an array"],
      ["unknownDevice", "unknown device INV-99"],
    ]);
    await database.close();
  });

  test("tells where a row came in that an older version put in quarantine", async () => {
    const url = await server.newDatabase("migrate_topic");
    await migrate(url);
    const database = await openDatabase(url, { name: "older" });
    const { own } = await sampleHouse(database);
    const store = postgresFrameStore(database);
    const row = { sequence: 1, code: "unknownDevice" as const, reason: "INV-99", payload: 1 };
    await store.write([
      {
        ...({ organisation: own, gateway: "older-gw", epoch: randomUUID() } as const),
        ...{ lane: "values", arrival: 1, frames: [], gaps: [], quarantined: [row] },
      },
    ]);
    await run(url, "alter table quarantine drop column topic, drop column replayed");
    await run(url, "delete from migration where step = '0008_quarantine-replay'");

    expect((await migrate(url)).applied).toEqual(["0008_quarantine-replay"]);

    const query = { organisation: own, gateway: "older-gw", most: 9 };
    expect(await store.quarantinedRows(query)).toMatchObject([
      { ...row, topic: "sunledger/v1/older-gw/frames" },
    ]);
    await database.close();
  });

  test("numbers the orders of an older version by their time, and those to come after them", async () => {
    const url = await server.newDatabase("migrate_orders");
    await migrate(url);
    const database = await openDatabase(url, { name: "older" });
    const { own, gateway } = await sampleHouse(database);
    const commands = postgresCommands(database);
    const order = async (at: number) => {
      const id = randomUUID();
      await commands.order(own, {
        ...{ id, gateway, at, expiresAt: at + 1, session: "a-session-of-a-gateway" },
        ...{ what: { kind: "tell-configuration" }, orderedBy: { id: "u1", name: "Wang 伟" } },
      });
      return id;
    };
    const [second, third, first] = [await order(20), await order(30), await order(10)];
    await run(url, "alter table command drop column number");
    await run(url, "create index command_newest on command (organisation, gateway, at)");
    await run(url, "delete from migration where step = '0014_command-number'");

    expect((await migrate(url)).applied).toEqual(["0014_command-number"]);

    const fourth = await order(5);
    const listed = await commands.list({ organisation: own, gateway, most: 9 });
    expect(listed.map(({ id }) => id)).toEqual([fourth, third, second, first]);
    await database.close();
  });

  test.each(["superuser", "bypassrls"])("refuses a role with %s", async (power) => {
    const url = await server.newDatabase(`refused_${power}`, power);
    const sentence = /can bypass row-level security: give Sunledger a role without/;

    await expect(migrate(url)).rejects.toThrow(sentence);
    await expect(openDatabase(url, { name: "mighty" })).rejects.toThrow(sentence);
  });
});

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}
