import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../database.ts";
import {
  batchOf,
  collect,
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
import { migrate } from "../migrate.ts";
import { postgresRecords } from "../records/postgres-records.ts";
import {
  type EmptyServer,
  openEmptyServer,
  openTestDatabase,
  type TestDatabase,
} from "../testing/database-for-test.ts";
import { sampleHouse } from "../testing/sample-house.ts";
import { type Part, partsOf, written } from "./content.ts";
import { readBackup } from "./read-backup.ts";
import { restoreBackup } from "./restore-backup.ts";

let db: TestDatabase;
let targets: EmptyServer;
let batches: readonly FrameBatch[];
let house: Awaited<ReturnType<typeof sampleHouse>>;

const told = { at: noon, files: { "house.json": "{}" }, valuesElsewhere: undefined };
const kept = { replace: false };

beforeAll(async () => {
  [db, targets] = await Promise.all([
    openTestDatabase("backup"),
    openEmptyServer("backup targets"),
  ]);
  house = await sampleHouse(db.database);
  const store = postgresFrameStore(db.database);
  await store.keepLayout(powersHash, powers);
  await store.keepLayout(countersHash, counters);
  const count = (sequence: number, value: string) => {
    const values = [value, sequence];
    return { ...frame(sequence, noon + sequence, values), layout: countersHash };
  };
  const own = { ...batchOf([frame(1, noon - 40 * day), frame(2, noon)]), organisation: house.own };
  batches = [
    {
      ...own,
      quarantined: [{ sequence: 3, code: "future", reason: "\\N\t…", payload: { a: 1 } }],
      gaps: [{ from: 4, to: 9, fromAt: noon, toAt: noon + 1, reason: "outboxFull" }],
    },
    { ...own, epoch: crypto.randomUUID(), frames: [frame(1, noon, [9, null, -0.1])] },
    { ...batchOf([count(1, "18446744073709551615"), count(2, "7")]), lane: "counters" },
  ];
  for (const batch of batches) await store.write([batch]);
  await packDays(db.database, { organisation: house.own, before: noon - day });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await targets?.close();
});

describe("a restored backup", () => {
  test("holds all that was there, of every organisation, under another incarnation", async () => {
    const url = await targets.newDatabase("whole");

    const { rows, faults, incarnation, head } = await restoreBackup(url, backup(), kept);

    expect(rows).toMatchObject({ organisation: 2, frame: 3, packed_day: 1, conflict: 1, gap: 1 });
    expect(rows).toMatchObject({ quarantine: 1, device: 1, layout: 2, settled: 3, incarnation: 1 });
    expect([faults, head.files]).toEqual([[], told.files]);
    const restored = await openDatabase(url, { name: "restored" });
    try {
      const [was, is] = [postgresFrameStore(db.database), postgresFrameStore(restored)];
      for (const batch of batches) {
        const points = [...powers.points, ...counters.points];
        expect(await valuesOf(is, batch, points)).toEqual(await valuesOf(was, batch, points));
      }
      expect(await is.incarnation()).toBe(incarnation);
      expect(incarnation).not.toBe(await was.incarnation());
      expect(await postgresRecords(restored).devices(house.own)).toEqual(await house.devices());
      // Numbers go on behind those that are taken, and rows of another month find their part.
      const [first] = batches;
      const other = { ...batchOf([frame(1, noon + 90 * day)]), organisation: house.own };
      const device = "0197a000-0000-7000-8000-00000000000c";
      const late = other.frames.map((each) => ({ ...each, device }));
      const [outcome] = await is.write([{ ...other, frames: late }]);
      expect(outcome?.fresh.size).toBe(1);
      const [again] = first ? await is.write([first]) : [];
      expect([again?.fresh.size, again?.repeated]).toEqual([0, 2]);
    } finally {
      await restored.close();
    }
  });

  test("is guarded as a database that was made anew", async () => {
    const [restored, made] = await Promise.all([
      targets.newDatabase("guarded"),
      targets.newDatabase("made_anew"),
    ]);
    await restoreBackup(restored, backup(), kept);
    await migrate(made);
    const about = `select c.relname, c.relrowsecurity, c.relforcerowsecurity,
        (select json_agg(row(p.polname, pg_get_expr(p.polqual, p.polrelid)) order by p.polname)
           from pg_policy p where p.polrelid = c.oid) as policies
      from pg_class c where c.relnamespace = 'public'::regnamespace and not c.relispartition order by 1`;

    expect(await rowsOf(restored, about)).toEqual(await rowsOf(made, about));
    const seen =
      "select (select count(*)::int from frame) + (select count(*)::int from plant) as n";
    expect(await rowsOf(restored, seen)).toEqual([{ n: 0 }]);
    const parts = `select count(*)::int as n from pg_class where relispartition and relkind = 'r'
      and relrowsecurity and relforcerowsecurity`;
    expect(await rowsOf(restored, parts)).toEqual(await rowsOf(db.ownerUrl, parts));
  });

  test("holds one moment of a store that goes on", async () => {
    const store = postgresFrameStore(db.database);
    const url = await targets.newDatabase("moment");
    const busy = { ...batchOf([]), organisation: house.own };
    let sequence = 0;
    async function* whileStoring(): AsyncGenerator<Part> {
      for await (const part of backup()) {
        yield part;
        if (part.kind === "rows") continue;
        sequence += 1;
        await store.write([{ ...busy, frames: [frame(sequence, noon + 1_000 * sequence)] }]);
      }
    }
    const before = await rowsOf(db.superuserUrl, "select count(*)::int as n from frame");

    const { rows, faults } = await restoreBackup(url, whileStoring(), kept);

    expect(sequence).toBeGreaterThan(20);
    expect(faults).toEqual([]);
    expect([{ n: rows.frame }]).toEqual(before);
  });

  test("of an older version is brought to this one", async () => {
    const url = await targets.newDatabase("older");
    // A step that changes no rows: as if it had not been taken when the backup was made.
    const step = "0017_every-organisation";
    const parts = changed((part) => {
      if (part.kind !== "head") return part;
      const steps = part.head.steps.filter((each) => each !== step);
      return { ...part, head: { ...part.head, steps } };
    });

    const { head } = await restoreBackup(url, parts, kept);

    expect(head.steps).not.toContain(step);

    expect(await migrate(url)).toEqual({ applied: [] });
  });
});

describe("a restore is refused", () => {
  test("over rows that are there, unless they may be replaced", async () => {
    const url = await targets.newDatabase("filled");
    await migrate(url);
    await restoreBackup(url, backup(), kept);
    const [name] = await rowsOf(url, "select id from incarnation");

    await expect(restoreBackup(url, backup(), kept)).rejects.toThrow(
      /not empty .* say --replace to lose/,
    );
    expect(await rowsOf(url, "select id from incarnation")).toEqual([name]);
    const again = await restoreBackup(url, backup(), { replace: true });
    expect(again.rows.organisation).toBe(2);
  });

  test("where somebody else's tables are, and while somebody uses the database", async () => {
    const [foreign, used] = [
      await targets.newDatabase("foreign_tables"),
      await targets.newDatabase("used"),
    ];
    await rowsOf(foreign, "create table ledger (id int)");
    const user = new Client({ connectionString: used, application_name: "sunledger-ingest" });
    await user.connect();

    await expect(restoreBackup(foreign, backup(), { replace: true })).rejects.toThrow(
      "it holds tables of something else (ledger): make an empty database for it",
    );
    await expect(restoreBackup(used, backup(), kept)).rejects.toThrow(
      "it is in use by sunledger-ingest: stop what uses it first",
    );
    await user.end();
  });

  test.each([
    ["was cut short", cutAt(0.6), "cut short"],
    ["lost its last word", changed((part) => (part.kind === "tail" ? undefined : part)), "cut"],
    ["is of a newer version", changed(newer), "newer version of Sunledger made it (step 9999_x)"],
    [
      "has lost its frames",
      changed(withoutFrames()),
      /"frame" has come to 0 rows that are not the \d+ of/,
    ],
  ])("of a backup that %s, and nothing is left of it", async (name, parts, reason) => {
    const url = await targets.newDatabase(name.replaceAll(" ", "_"));

    await expect(restoreBackup(url, parts, kept)).rejects.toThrow(reason);

    const tables = "select relname from pg_class where relnamespace = 'public'::regnamespace";
    expect(await rowsOf(url, tables)).toEqual([]);
  });

  test("of a file that is none", async () => {
    const url = await targets.newDatabase("no_backup");
    async function* pieces() {
      yield Buffer.from("PGDMP and so on");
    }

    await expect(restoreBackup(url, partsOf(pieces()), kept)).rejects.toThrow(
      "it does not begin as a backup does",
    );
  });
});

/** Through the bytes of the file, in pieces of an odd size. */
async function* backup(): AsyncGenerator<Part> {
  yield* partsOf(inPieces(written(readBackup(db.ownerUrl, told)), 97));
}

async function* inPieces(bytes: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  for await (const each of bytes) {
    for (let i = 0; i < each.length; i += size) yield each.subarray(i, i + size);
  }
}

async function* changed(change: (part: Part) => Part | undefined): AsyncGenerator<Part> {
  for await (const part of backup()) {
    const other = change(part);
    if (other) yield other;
  }
}

async function* cutAt(share: number): AsyncGenerator<Part> {
  const whole = Buffer.concat(await collect(written(readBackup(db.ownerUrl, told))));
  const cut = whole.subarray(0, Math.floor(whole.length * share));
  yield* partsOf(inPieces(single(cut), 999));
}

async function* single(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function newer(part: Part): Part {
  if (part.kind !== "head") return part;
  return { ...part, head: { ...part.head, steps: [...part.head.steps, "9999_x"] } };
}

function withoutFrames(): (part: Part) => Part | undefined {
  let table = "";
  return (part) => {
    if (part.kind === "section") table = part.section.table;
    return table === "frame" && part.kind !== "tail" ? undefined : part;
  };
}

async function rowsOf<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}
