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

const bounded = { mostBytes: 16_000 };

async function written(minutes: number, room = {}): Promise<string[]> {
  const gone: string[] = [];
  for (let at = 1; at <= minutes; at += 1) {
    const energies = { at, wattHours: { "INV-01/generated": at * 10 } };
    gone.push(...(await writeEnergies(folder, "p", energies, room)));
  }
  return gone;
}

test("a year of minutes takes no more room than it may, and says which files had to go", async () => {
  const gone = await written(400, bounded);
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));

  expect(gone.length).toBeGreaterThan(0);
  expect(gone[0]).toBe(join(folder, "p.energies.jsonl.1"));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(bounded.mostBytes + 200);
});

test("without a bound all of it is kept, whatever number of files it takes", async () => {
  expect(await written(400, { fileBytes: 1_000 })).toEqual([]);
  const minutes = (await readEnergies(folder, "p")).map(({ at }) => at);

  expect((await readdir(folder)).length).toBeGreaterThan(12);
  expect(minutes).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
});

test("what is kept is told in order, the newest with it", async () => {
  await written(400, bounded);
  const minutes = (await readEnergies(folder, "p")).map(({ at }) => at);

  expect(minutes.at(-1)).toBe(400);
  expect(minutes.length).toBeGreaterThan(60);
  expect(minutes).toEqual(minutes.map((_, i) => 401 - minutes.length + i));
});
