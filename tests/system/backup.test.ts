import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hasPostgres15, startPostgres15 } from "../support/debian-postgres.ts";
import {
  environmentOf,
  makeDataFolder,
  startHouse,
  sunledger,
  type TestHouse,
} from "../support/house.ts";
import { makeRoles } from "../support/server-roles.ts";
import { openStored } from "../support/stored.ts";
import { until } from "../support/until.ts";

const files = mkdtempSync(join(tmpdir(), "sunledger-backups-"));
const [key, backup] = [join(files, "key"), join(files, "monday.backup")];
const restoredIn = makeDataFolder();
let house: TestHouse | undefined;

afterAll(async () => {
  await house?.remove();
  for (const folder of [files, restoredIn]) rmSync(folder, { recursive: true, force: true });
});

describe("a backup of a house that goes on storing", () => {
  test("makes another house of it, to which gateways send what it lacks, and that moves on to PostgreSQL 15", async (context) => {
    house = await startHouse();
    const { dataDir, ports } = house;
    const own = environmentOf(dataDir, ports);
    await until("frames of each gateway", async () => (await framesOf(house)).length > 20);
    await done(["backup", "key", key], own);

    expect(await done(["backup", "--key", key, "--out", backup], own)).toContain("Made ");
    const then = (await framesOf(house)).length;
    await until("more frames", async () => (await framesOf(house)).length > then + 20);
    const frames = await framesOf(house);
    await house.stop();

    const other = environmentOf(restoredIn, ports);
    const told = await done(["restore", backup, "--key", key], other);
    expect(told).toContain("The ledger agrees");
    // Their disks go along to the new machine; what it holds is older than what they were told is stored.
    for (const name of ["outboxes", "simulators"]) {
      cpSync(join(dataDir, name), join(restoredIn, name), { recursive: true });
    }
    await house.remove();
    const verified = done(["backup", "verify", backup, "--key", key], other);
    verified.catch(() => {}); // heard below
    house = await startHouse({ dataDir: restoredIn, ports });
    await until(
      "the frames that the backup lacks",
      async () => {
        const there = new Set(await framesOf(house));
        return frames.every((frame) => there.has(frame));
      },
      { timeoutMs: 120_000 },
    );
    await house.signIn();
    expect(await verified).toMatch(
      /rows, each compared: 1 organisations, 2 plants[\s\S]*The ledger agrees/,
    );
    const before = await incarnationOf(house);
    expect(await done(["resend"], other)).toMatch(/^The store is [0-9a-f-]{36} now/);
    expect(await incarnationOf(house)).not.toBe(before);
    const kept = await framesOf(house);
    await house.stop();

    if (!hasPostgres15) return context.skip("PostgreSQL 15 is not installed");
    const server = await startPostgres15();
    try {
      const { ownerUrl, appUrl } = await makeRoles(server.url);
      expect(await done(["move", "--to", ownerUrl], other)).toContain("Carried over.");
      const moved = new Set(await framesAt(appUrl));
      expect(kept.filter((frame) => !moved.has(frame))).toEqual([]);
    } finally {
      await server.stop();
    }
  }, 300_000);
});

/** What it has printed, of a command that ended well. */
async function done(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { code, output } = await sunledger(args, env);
  if (code !== 0) throw new Error(`sunledger ${args.join(" ")}: ${output}`);
  return output;
}

function framesOf(of: TestHouse | undefined): Promise<string[]> {
  if (!of) throw new Error("no house");
  return framesAt(of.databaseUrl);
}

async function incarnationOf(of: TestHouse): Promise<string> {
  const { store, close } = await openStored(of.databaseUrl);
  try {
    return await store.incarnation();
  } finally {
    await close();
  }
}

/** Each stored frame by what names it everywhere. */
async function framesAt(databaseUrl: string): Promise<string[]> {
  const { organisation, records, frames, close } = await openStored(databaseUrl);
  try {
    const all: string[] = [];
    for (const { id } of await records.gateways(organisation)) {
      for (const { lane, sequence, at } of await frames(id))
        all.push(`${id} ${lane} ${sequence} ${at}`);
    }
    return all;
  } finally {
    await close();
  }
}
