import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { PoolClient, QueryArrayConfig } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readOrganisation } from "../database.ts";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import {
  batchOf,
  day,
  deviceA,
  deviceB,
  frame,
  minute,
  noon,
  powers,
  powersHash,
} from "./contract-frames.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";
import { packDays } from "./postgres-pack-days.ts";
import { type PackedPoint, packedPoints } from "./postgres-packed-columns.ts";
import { placesOf } from "./postgres-places.ts";

const days = 20;
const framesADay = 30;
const points = ["ac.power.active", "dc.power"];
const window = { from: noon, to: noon + days * day };
const batch = batchOf(
  [deviceA, deviceB].flatMap((device, own) =>
    Array.from({ length: days * framesADay }, (_, i) => {
      const at = noon + Math.floor(i / framesADay) * day + (i % framesADay) * minute;
      return { ...frame(own * days * framesADay + i + 1, at, [i, 2, 3]), device };
    }),
  ),
);
let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase("packed columns");
  const store = postgresFrameStore(db.database);
  await store.keepLayout(powersHash, powers);
  await store.write([batch]);
  await packDays(db.database, { organisation: batch.organisation, before: window.to + day });
}, 120_000);

afterAll(() => db?.close());

test("of many packed days only the columns at hand are held", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const seen: WeakRef<Float64Array>[] = [];
  let most = 0;

  await reading(async (client, read) => {
    for await (const { times, column } of read(client)) {
      seen.push(new WeakRef(times), new WeakRef(column.numbers));
      if (seen.length % 20 > 0) continue;
      await new Promise(setImmediate); // what a WeakRef has shown lives until the turn ends
      collect();
      most = Math.max(most, new Set(seen.flatMap((ref) => ref.deref() ?? [])).size);
    }
  });

  expect(seen).toHaveLength(2 * 2 * 2 * days);
  expect(most).toBeLessThanOrEqual(4);
});

test("each question answers no more packed bytes than those of some days", async () => {
  const answered: number[] = [];

  await reading(async (client, read) => {
    const watched = {
      query: async (question: QueryArrayConfig, values?: unknown[]) => {
        const answer = await client.query(question, values);
        answered.push(answer.rows.flat().filter(Buffer.isBuffer).length);
        return answer;
      },
    };
    let found = 0;
    for await (const _ of read(watched as PoolClient, 3 * framesADay * 3)) found += 1;
    expect(found).toBe(2 * 2 * days);
  });

  expect(Math.max(...answered)).toBe(3 * 3); // of a day the times and two points
});

test("between two columns everybody else has a turn", async () => {
  let turn: "due" | "taken" = "taken";

  await reading(async (client, read) => {
    for await (const _ of read(client)) {
      expect(turn).toBe("taken");
      turn = "due";
      setImmediate(() => {
        turn = "taken";
      });
    }
  });
});

type Read = (client: PoolClient, atOnce?: number) => AsyncIterable<PackedPoint>;

async function reading(task: (client: PoolClient, read: Read) => Promise<void>): Promise<void> {
  await readOrganisation(db.database.pool, batch.organisation, async (client) => {
    const places = await placesOf(client, [deviceA, deviceB], points);
    await task(client, (own, atOnce) => packedPoints(own, places, window, { atOnce }));
  });
}
