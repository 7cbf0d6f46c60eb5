import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Database,
  type EmbeddedPostgres,
  migrate,
  openDatabase,
  startEmbeddedPostgres,
} from "@sunledger/store";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { checkRowSecurity } from "./database.ts";

const partition = "frame_2026_06";
let folder: string;
let server: EmbeddedPostgres;
let owner: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-doctor-"));
  await chmod(folder, 0o755);
  server = await startEmbeddedPostgres({ dataDir: folder, log: { info() {} }, name: "a test" });
  await migrate(server.ownerUrl);
  owner = await openDatabase(server.ownerUrl, { name: "a test", most: 2 });
  await owner.pool.query("select frame_partition($1)", [Date.UTC(2026, 5)]);
}, 120_000);

afterEach(async () => {
  await owner.pool.query(`alter table plant force row level security;
    alter table ${partition} enable row level security;
    drop policy if exists everything on ${partition};
    revoke all on ${partition} from public`);
});

afterAll(async () => {
  await owner?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("partitions are well where one role owns the tables and runs the programs", async () => {
  expect(await checkRowSecurity(owner)).toMatchObject({ state: "well" });
});

test("partitions are well where the programs have a role of their own", async () => {
  const app = await openDatabase(server.appUrl, { name: "a test", most: 1 });
  try {
    expect(await checkRowSecurity(app)).toMatchObject({ state: "well" });
  } finally {
    await app.close();
  }
});

test.each([
  ["plant", "alter table plant no force row level security"],
  [partition, `alter table ${partition} disable row level security`],
  [partition, `create policy everything on ${partition} using (true)`],
  [partition, `grant select on ${partition} to public`],
])("the table %s is named after %s", async (table, opening) => {
  await owner.pool.query(opening);

  const { state, seen } = await checkRowSecurity(owner);
  expect([state, seen]).toEqual(["wrong", `missing on ${table}`]);
});
