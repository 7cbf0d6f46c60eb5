import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEnergies, writeEnergies } from "./energies.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-energies-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const mostBytes = 4_000;

async function written(minutes: number): Promise<void> {
  for (let at = 1; at <= minutes; at += 1) {
    await writeEnergies(folder, "p", { at, wattHours: { "INV-01/generated": at * 10 } }, mostBytes);
  }
}

test("a year of minutes takes no more room than two full files", async () => {
  await written(400);
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));

  expect(files.sort()).toEqual(["p.energies.jsonl", "p.energies.jsonl.1"]);
  expect(Math.max(...sizes)).toBeLessThan(mostBytes + 200);
});

test("what is kept is told in order, the newest with it", async () => {
  await written(400);
  const minutes = (await readEnergies(folder, "p")).map(({ at }) => at);

  expect(minutes.at(-1)).toBe(400);
  expect(minutes.length).toBeGreaterThan(60);
  expect(minutes).toEqual(minutes.map((_, i) => 401 - minutes.length + i));
});
