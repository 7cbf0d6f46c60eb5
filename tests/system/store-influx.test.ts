import { randomUUID } from "node:crypto";
import type { Layout } from "@sunledger/model";
import {
  type EpochOutcomes,
  type FrameBatch,
  type OpenFrameStore,
  openFrameStore,
} from "@sunledger/store";
import { frameStoreContract } from "@sunledger/store/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  openTestDatabase,
  type TestDatabase,
} from "../../packages/store/src/testing/database-for-test.ts";
import { hasInfluxd, type SeriesServer, startInfluxd } from "../support/series-servers.ts";
import { until } from "../support/until.ts";

describe.runIf(hasInfluxd)("on a real InfluxDB (influxd)", () => {
  frameStoreContract("InfluxDB 1.6, written in its own words", async () => {
    const [server, database] = [await startInfluxd(), await openTestDatabase("influx contract")];
    const open = () => openFrameStore(server.address, database.database);
    const [store, other] = [await open(), await open()];
    return {
      ...{ store, again: () => other },
      async close() {
        for (const one of [store, other]) await one.close();
        await database.close();
        await server.stop();
      },
    };
  });
});

describe.runIf(hasInfluxd)("an InfluxDB beside PostgreSQL (influxd)", () => {
  let server: SeriesServer;
  let database: TestDatabase;
  let store: OpenFrameStore & EpochOutcomes;

  beforeAll(async () => {
    [server, database] = [await startInfluxd(), await openTestDatabase("influx")];
    store = await openFrameStore(server.address, database.database);
    for (const [hash, layout] of Object.entries(layouts)) await store.keepLayout(hash, layout);
  }, 120_000);

  afterAll(async () => {
    await store?.close();
    await database?.close();
    await server?.stop();
  });

  test("has what is good under a point's name, and counters in both (D-4)", async () => {
    const doubted = { ...frameOf(values, 2, [7, 8]), quality: { 1: "suspect" as const } };
    const batch = batchOf([frameOf(values, 1, [1.5, 2]), doubted]);
    await store.write([
      batch,
      { ...batch, lane: "counters", frames: [frameOf(counters, 1, [90])] },
    ]);

    const own = `WHERE "organisation" = '${batch.organisation}'`;
    expect(
      await asked(`SELECT sum("ac.power.active"), sum("dc.power") FROM "frame_${values}" ${own}`),
    ).toEqual([[0, 8.5, 2]]);
    const copied = await until("the copy of the counters", async () => {
      const rows = await asked(`SELECT "energy.export" FROM "frame_${counters}" ${own}`);
      return rows.length > 0 && rows;
    });
    expect(copied).toEqual([[at, 90]]);
    const { rows } = await inOrganisation(batch, "select counters from frame");
    expect(rows).toEqual([{ counters: ["90"] }]);
  });

  test("lets nothing go that it could not give back as it was", async () => {
    const odd = frameOf(values, 1, ["18446744073709551615", 2]);
    const batch = batchOf([odd, { ...frameOf(values, 2, [1, 2]), at: Date.UTC(9999, 0) }]);

    await store.write([batch]);

    expect(
      await asked(
        `SELECT "dc.power" FROM "frame_${values}" WHERE "organisation" = '${batch.organisation}'`,
      ),
    ).toEqual([]);
    const { rows } = await inOrganisation(batch, "select at from frame order by at");
    expect(rows).toHaveLength(2);
  });

  test("keeps the first of two values, though a writer died between them", async () => {
    const batch = batchOf([frameOf(values, 1, [1, 2])]);
    // It had written there, and never came to its commit.
    await inOrganisation(
      batch,
      `insert into series_writing values ('${batch.organisation}', '${randomUUID()}', '${device}', '${values}', ${at})`,
    );
    const line = `frame_${values},device=${device},organisation=${batch.organisation} ~sequence=9i,~stream=5i,ac.power.active=3 ${at}`;
    await fetch(`${server.url}/write?db=sun&precision=ms`, { method: "POST", body: line });

    const [outcome] = await store.write([batch]);

    expect(outcome).toMatchObject({ fresh: new Set(), conflicts: 1, settled: [[1, 1]] });
    const page = { organisation: batch.organisation, gateways: [batch.gateway], most: 9, skip: 0 };
    const [told] = await store.conflicts(page);
    expect(told?.map(({ kept, refused }) => [kept?.value, refused.value])).toEqual([
      [3, 1],
      [null, 2],
    ]);
  });

  test("counts what became of an epoch's frames", async () => {
    const batch = batchOf([
      frameOf(values, 1, [1, 2]),
      { ...frameOf(values, 2, [1, 2]), at: at + 1 },
    ]);
    await store.write([batch]);
    const again = { ...batch, epoch: randomUUID() };
    await store.write([again]);
    const { organisation, gateway } = batch;
    const of = { organisation, gateway, from: at, to: at + 1 };

    expect(await store.epochOutcome({ ...of, epoch: batch.epoch })).toMatchObject({
      fresh: 2,
      known: 0,
    });
    expect(await store.epochOutcome({ ...of, epoch: again.epoch })).toMatchObject({
      fresh: 0,
      known: 2,
    });
  });

  test("writes nothing while the server is away, and all of it afterwards", async () => {
    const batch = batchOf([frameOf(values, 1, [1, 2])]);
    await server.restart();
    expect((await store.write([batch]))[0]?.fresh.size).toBe(1);
    const away = await openFrameStore(server.address, database.database);
    const next = { ...batch, frames: [{ ...frameOf(values, 2, [3, 4]), at: at + 1 }] };

    await server.stop();
    await expect(away.write([next])).rejects.toThrow(/InfluxDB at .* could not write frames/);
    const [settled] = await store.settled(batch.organisation, batch.gateway);
    expect(settled?.settled).toEqual([[1, 1]]);
    await away.close();

    server = await startInfluxd();
    store = await openFrameStore(server.address, database.database);
    expect((await store.write([next]))[0]?.settled).toEqual([[1, 2]]);
  });

  test("keeps counters from nobody while it is away, and nobody's rows pile up (D-4)", async () => {
    const batch = batchOf([frameOf(values, 1, [1, 2])]);
    const energy = { ...batch, lane: "counters" as const, frames: [frameOf(counters, 1, [90])] };
    const away = await openFrameStore(server.address, database.database);
    await server.stop();

    for (let i = 0; i < 3; i += 1) await expect(away.write([batch])).rejects.toThrow();
    expect((await away.write([energy]))[0]?.settled).toEqual([[1, 1]]);

    const { rows } = await inOrganisation(batch, "select last from series_writing");
    expect(rows).toHaveLength(1);
    await away.close();
    server = await startInfluxd();
    await store.close();
    store = await openFrameStore(server.address, database.database);
    expect((await store.write([batch]))[0]?.fresh.size).toBe(1);
    const left = await inOrganisation(batch, "select last from series_writing");
    expect(left.rows).toEqual([]);
  });

  test("is refused in one sentence when it would drop what is old, or is none", async () => {
    await asked('CREATE DATABASE "short" WITH DURATION 30d');
    const short = server.address.replace(/sun$/, "short");
    await expect(openFrameStore(short, database.database)).rejects.toThrow(
      /drops what is older than 720h0m0s: give its default retention policy the duration INF/,
    );
    const absent = server.address.replace(/sun$/, "absent");
    await expect(openFrameStore(absent, database.database)).rejects.toThrow(
      /database not found: absent/,
    );
  });

  async function asked(statement: string): Promise<readonly unknown[]> {
    const body = new URLSearchParams({ q: statement, db: "sun", epoch: "ms" });
    const answer = await fetch(`${server.url}/query`, { method: "POST", body });
    const { results } = (await answer.json()) as {
      results: { series?: { values: unknown[] }[] }[];
    };
    return results[0]?.series?.[0]?.values ?? [];
  }

  function inOrganisation({ organisation }: FrameBatch, statement: string) {
    return database.database.pool.connect().then(async (client) => {
      try {
        await client.query("begin");
        await client.query("select set_config('sunledger.organisation', $1, true)", [organisation]);
        const result = await client.query<Record<string, unknown>>(statement);
        await client.query("commit");
        return result;
      } finally {
        client.release();
      }
    });
  }
});

const at = Date.UTC(2026, 5, 21, 12);
const device = "0197a000-0000-7000-8000-00000000000a";
const [values, counters] = ["00000000000000a1", "00000000000000a2"] as const;
const layouts: Readonly<Record<string, Layout>> = {
  [values]: { lane: "values", points: ["ac.power.active", "dc.power"] },
  [counters]: { lane: "counters", points: ["energy.export"] },
};

function frameOf(layout: string, sequence: number, own: readonly (number | string)[]) {
  return { device, sequence, layout, at: at + sequence - 1, clock: "synced" as const, values: own };
}

function batchOf(frames: FrameBatch["frames"]): FrameBatch {
  return {
    ...{ organisation: randomUUID(), gateway: "roof-1", epoch: randomUUID(), lane: "values" },
    ...{ arrival: at, frames, quarantined: [], gaps: [] },
  };
}
