import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../database.ts";
import {
  batchOf,
  counters,
  countersHash,
  day,
  frame,
  noon,
  powers,
  powersHash,
  valuesOf,
} from "../frames/contract-frames.ts";
import type { FrameBatch } from "../frames/frame-store.ts";
import { postgresFrameStore } from "../frames/postgres-frame-store.ts";
import { packDays } from "../frames/postgres-pack-days.ts";
import { rollUp } from "../frames/rollups/postgres-roll-up.ts";
import { migrate } from "../migrate.ts";
import { postgresRecords } from "../records/postgres-records.ts";
import {
  type EmptyServer,
  openEmptyServer,
  openTestDatabase,
  type TestDatabase,
} from "../testing/database-for-test.ts";
import { sampleHouse } from "../testing/sample-house.ts";
import { type CarryOptions, carryOver } from "./carry-over.ts";
import { readBackup } from "./read-backup.ts";
import { restoreBackup } from "./restore-backup.ts";

let db: TestDatabase;
let targets: EmptyServer;
let house: Awaited<ReturnType<typeof sampleHouse>>;
let batches: FrameBatch[];

const usual = { at: noon, replace: false, valuesElsewhere: undefined };

beforeAll(async () => {
  [db, targets] = await Promise.all([openTestDatabase("move"), openEmptyServer("move targets")]);
  house = await sampleHouse(db.database);
  const store = postgresFrameStore(db.database);
  await store.keepLayout(powersHash, powers);
  await store.keepLayout(countersHash, counters);
  const count = { ...frame(1, noon, ["18446744073709551615", "2"]), layout: countersHash };
  const old = Array.from({ length: 50 }, (_, n) => frame(n + 2, noon - 40 * day + 1_000 * n));
  batches = [
    { ...batchOf([frame(1, noon), ...old]), organisation: house.own },
    { ...batchOf([count]), lane: "counters" },
  ];
  for (const batch of batches) await store.write([batch]);
  await packDays(db.database, { organisation: house.own, before: noon - day });
  const organisation = house.own;
  await rollUp(db.database, { organisation, before: noon, timeZones: new Map() });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await targets?.close();
});

describe("an installation that is moved", () => {
  test("is over there what it was, under another incarnation", async () => {
    const url = await targets.newDatabase("whole");
    const { rows, faults, found, head } = await move(url);

    expect([faults, found, head.organisations]).toEqual([[], 0, 3]);
    expect(rows).toEqual((await restoredRows("as_restored")).rows);
    await expectSame(url);
    expect(await asked(url, "select to_regclass('moving') as is")).toEqual([{ is: null }]);
    await migrate(url);
  });

  test("goes on where it was broken off, wherever that was", async () => {
    const url = await targets.newDatabase("broken");
    let all = 0;
    for (const at of [1, 5, 12, 30]) {
      await expect(move(url, { onSection: breakAt(at) })).rejects.toThrow("broken off");
    }
    const told: number[] = [];
    const { found, rows } = await move(url, {
      onSection: (done, of) => {
        told.push(done);
        all = of;
      },
    });

    expect(told).toEqual(Array.from({ length: all }, (_, n) => n + 1));
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(Object.values(rows).reduce((sum, count) => sum + count, 0));
    await expectSame(url);
  });

  test("goes on when its session over there was ended in the middle", async () => {
    const url = await targets.newDatabase("ended");
    const ended = move(url, {
      onSection: async (done) => {
        if (done === 10) await endSessions(url);
      },
    });
    await expect(ended).rejects.toThrow();
    await move(url);
    await expectSame(url);
  });

  test("begins anew where the installation has changed since", async () => {
    const url = await targets.newDatabase("changed");
    await expect(move(url, { onSection: breakAtEnd })).rejects.toThrow("broken off");
    const more = { ...batchOf([frame(1, noon + 1_000, [7, 8, 9])]), organisation: house.own };
    await postgresFrameStore(db.database).write([more]);
    batches.push(more);

    // Broken off again as it begins anew: nobody may take what is there for whole.
    let rounds = 0;
    const breakInTheSecond = (done: number) => {
      if (done === 1) rounds += 1;
      if (rounds === 2) throw new Error("broken off");
    };
    await expect(move(url, { onSection: breakInTheSecond })).rejects.toThrow("broken off");
    await expect(openDatabase(url, { name: "early" })).rejects.toThrow(/"sunledger move" go on/);

    const { found } = await move(url);

    expect(found).toBeLessThan(10);
    await expectSame(url);
  });

  test("goes on with a month that has come since", async () => {
    const url = await targets.newDatabase("month");
    const isAtFrames = (place: number) => (place === framesAt ? "broken off" : undefined);
    let framesAt = 0;
    await expect(
      move(url, {
        onSection: (done, all) => {
          framesAt = Math.floor(all / 3);
          if (isAtFrames(done)) throw new Error("broken off");
        },
      }),
    ).rejects.toThrow("broken off");
    const far = { ...batchOf([frame(1, noon + 200 * day)]), organisation: house.own };
    const device = "0197a000-0000-7000-8000-00000000000d";
    const late = { ...far, frames: far.frames.map((each) => ({ ...each, device })) };
    await postgresFrameStore(db.database).write([late]);

    await move(url);
    await expectSame(url);
    expect(await asked(url, "select to_regclass('frame_2027_01') is not null as is")).toEqual([
      { is: true },
    ]);
  });

  test("lets no program and no migration at what is not all there", async () => {
    const url = await targets.newDatabase("half");
    await expect(move(url, { onSection: breakAt(20) })).rejects.toThrow("broken off");

    await expect(openDatabase(url, { name: "early" })).rejects.toThrow(/"sunledger move" go on/);
    await expect(migrate(url)).rejects.toThrow(/"sunledger move" go on/);
    const guarded = await asked(
      url,
      `select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace
        and relrowsecurity and not relforcerowsecurity`,
    );
    expect(guarded).toEqual([{ n: 0 }]);
  });

  test("takes no database that holds something, unless it may", async () => {
    const url = await targets.newDatabase("taken");
    await move(url);
    await expect(move(url)).rejects.toThrow(/is not empty .*--replace/);
    await move(url, { replace: true });
    await expectSame(url);

    const other = await targets.newDatabase("others");
    await asked(other, "create table theirs (n int)");
    await expect(move(other, { replace: true })).rejects.toThrow(/something else \(theirs\)/);
  });

  test("is not taken for whole where somebody else wrote over there", async () => {
    const url = await targets.newDatabase("touched");
    await expect(move(url, { onSection: breakAtEnd })).rejects.toThrow("broken off");
    await asked(
      url,
      `alter table packed_day no force row level security; delete from packed_day;
       alter table packed_day force row level security`,
    );

    await expect(move(url)).rejects.toThrow(/"packed_day" has come to 0 rows/);
    await move(url);
    await expectSame(url);
  });

  test("waits for nobody who is at work over there", async () => {
    const url = await targets.newDatabase("in_use");
    const client = new Client({ connectionString: url, application_name: "their report" });
    await client.connect();
    try {
      await expect(move(url)).rejects.toThrow("it is in use by their report");
    } finally {
      await client.end();
    }
  });
});

function move(url: string, more: Partial<CarryOptions> = {}) {
  return carryOver(db.ownerUrl, url, { ...usual, ...more });
}

function breakAt(place: number): NonNullable<CarryOptions["onSection"]> {
  return (done) => {
    if (done === place) throw new Error("broken off");
  };
}

const breakAtEnd: NonNullable<CarryOptions["onSection"]> = (done, all) => {
  if (done === all) throw new Error("broken off");
};

/** Row by row what a restored backup of the same moment holds, and what the store reads. */
async function expectSame(url: string): Promise<void> {
  const moved = await openDatabase(url, { name: "moved" });
  try {
    const [was, is] = [postgresFrameStore(db.database), postgresFrameStore(moved)];
    const points = [...powers.points, ...counters.points];
    for (const batch of batches) {
      expect(await valuesOf(is, batch, points)).toEqual(await valuesOf(was, batch, points));
      const [again] = await is.write([batch]);
      expect([again?.fresh.size, again?.repeated]).toEqual([0, batch.frames.length]);
    }
    expect(await is.incarnation()).not.toBe(await was.incarnation());
    expect(await postgresRecords(moved).devices(house.own)).toEqual(await house.devices());
  } finally {
    await moved.close();
  }
}

async function restoredRows(name: string) {
  const url = await targets.newDatabase(name);
  const told = { at: noon, files: {}, valuesElsewhere: undefined };
  return restoreBackup(url, readBackup(db.ownerUrl, told), { replace: false });
}

async function asked(url: string, query: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(query);
    return rows;
  } finally {
    await client.end();
  }
}

/** As if the server over there had been stopped. */
async function endSessions(url: string): Promise<void> {
  await asked(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where usename = current_user and pid <> pg_backend_pid()`,
  );
  const left =
    "select from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()";
  await expect.poll(() => asked(url, left), { timeout: 30_000 }).toEqual([]);
}
