import { randomUUID } from "node:crypto";
import { type FrameBatch, type OpenFrameStore, openFrameStore } from "@sunledger/store";
import { frameStoreContract } from "@sunledger/store/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  openTestDatabase,
  type TestDatabase,
} from "../../packages/store/src/testing/database-for-test.ts";
import { hasVictoria, type SeriesServer, startVictoria } from "../support/series-servers.ts";
import { until } from "../support/until.ts";

describe.runIf(hasVictoria)("on a real VictoriaMetrics (victoria-metrics)", () => {
  frameStoreContract("VictoriaMetrics, one server", async () => {
    const [server, database] = [await startVictoria(), await openTestDatabase("victoria contract")];
    const store = await openFrameStore(server.address, database.database);
    return {
      store,
      async close() {
        await store.close();
        await database.close();
        await server.stop();
      },
    };
  });
});

describe.runIf(hasVictoria)("a VictoriaMetrics beside PostgreSQL (victoria-metrics)", () => {
  let server: SeriesServer;
  let database: TestDatabase;
  let store: OpenFrameStore;

  beforeAll(async () => {
    [server, database] = [await startVictoria(), await openTestDatabase("victoria")];
    store = await openFrameStore(server.address, database.database);
    await store.keepLayout(layout, { lane: "values", points: ["ac.power.active", "dc.power"] });
  }, 120_000);

  afterAll(async () => {
    await store?.close();
    await database?.close();
    await server?.stop();
  });

  test("has what is good under a point's name", async () => {
    const doubted = { ...frameOf(2, [7, 8]), quality: { 1: "suspect" as const } };
    const batch = batchOf([frameOf(1, [1.5, 2]), doubted]);
    await store.write([batch]);

    expect(await sumOf(batch, "ac.power.active")).toBe(8.5);
    expect(await sumOf(batch, "dc.power")).toBe(2);
  });

  test("gives numbers back as they were, however they are mixed", async () => {
    const own = [1e300, 0.1 + 0.2, 1e-9, 230.12345886230469, 5e-324, 0.1, 4_294_967_295, -12.345];
    const batch = batchOf(own.map((value, i) => frameOf(i + 1, [value, -value])));
    await store.write([batch]);

    const { organisation } = batch;
    const range = { organisation, devices: [device], from: at, to: at + 100 };
    const read: unknown[] = [];
    for await (const { value } of store.read({ ...range, points: ["ac.power.active"] })) {
      read.push(value);
    }
    expect(read).toEqual([BigInt(1e300).toString(), ...own.slice(1)]);
  });

  test("is asked again for what it lost when it was killed (D-15)", async () => {
    const batch = batchOf([frameOf(1, [1, 2])]);
    const before = await store.incarnation();
    await store.write([batch]);
    expect((await store.settled(batch.organisation, batch.gateway))[0]?.settled).toEqual([[1, 1]]);

    await server.restart();
    const after = await until("the other start to be noticed", async () => {
      const now = await store.incarnation();
      return now === before ? undefined : now;
    });
    expect((await store.settled(batch.organisation, batch.gateway))[0]?.settled).toEqual([]);

    const [outcome] = await store.write([batch]);
    expect(outcome).toMatchObject({ fresh: new Set([1]), settled: [[1, 1]], newEpoch: false });
    expect(await store.incarnation()).toBe(after);
    expect(await sumOf(batch, "dc.power")).toBe(2);
  });

  test("is not asked again for what it had for long before it was told the last", async () => {
    const batch = batchOf([frameOf(1, [1, 2])]);
    await store.write([batch]);
    await asOrganisation(batch, "update series_unsure set at = at - 61000");
    await store.write([{ ...batch, frames: [frameOf(2, [1, 2])] }]);

    const before = await store.incarnation();
    await server.restart();
    await until(
      "the other start to be noticed",
      async () => (await store.incarnation()) !== before,
    );

    expect((await store.settled(batch.organisation, batch.gateway))[0]?.settled).toEqual([[1, 1]]);
  });

  test("is refused in one sentence when it would drop what is old, or is none", async () => {
    const forgetful = await startVictoria(["-retentionPeriod=1"]);
    await expect(openFrameStore(forgetful.address, database.database)).rejects.toThrow(
      /drops what is older than 1: start it with -retentionPeriod=100y/,
    );
    await forgetful.stop();
  });

  async function sumOf({ organisation }: FrameBatch, point: string): Promise<number> {
    // It remembers for ten seconds what a selector has found: each time another one, after all it was told is in place.
    return until("the samples to be found", async () => {
      await fetch(`${server.url}/internal/force_flush`);
      const labels = `__name__="frame_${point}",organisation="${organisation}",not!="${randomUUID()}"`;
      const query = `sum(sum_over_time({${labels}}[1h]))`;
      const params = new URLSearchParams({ query, time: String(at / 1_000 + 60), nocache: "1" });
      const answer = await fetch(`${server.url}/api/v1/query?${params}`);
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      const [sum] = data.result;
      return sum && Number(sum.value[1]);
    });
  }

  async function asOrganisation({ organisation }: FrameBatch, statement: string): Promise<void> {
    const client = await database.database.pool.connect();
    try {
      await client.query("begin");
      await client.query("select set_config('sunledger.organisation', $1, true)", [organisation]);
      await client.query(statement);
      await client.query("commit");
    } finally {
      client.release();
    }
  }
});

/** By the machine's clock, as the server's is: what lies two days ahead of that it would drop. */
const at = Math.floor(Date.now() / 60_000) * 60_000 - 2 * 86_400_000;
const device = "0197a000-0000-7000-8000-00000000000a";
const layout = "00000000000000a1";

function frameOf(sequence: number, values: readonly number[]) {
  return { device, sequence, layout, at: at + sequence - 1, clock: "synced" as const, values };
}

function batchOf(frames: FrameBatch["frames"]): FrameBatch {
  return {
    ...{ organisation: randomUUID(), gateway: "roof-1", epoch: randomUUID(), lane: "values" },
    ...{ arrival: at, frames, quarantined: [], gaps: [] },
  };
}
