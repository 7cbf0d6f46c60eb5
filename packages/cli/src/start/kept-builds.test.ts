import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { markServed, removeLeftovers, removeOldBuilds } from "./kept-builds.ts";

let builds: string;
beforeEach(() => {
  builds = mkdtempSync(join(tmpdir(), "sunledger-builds-"));
  return () => rmSync(builds, { recursive: true });
});

test("the two newest builds stay, and what else lies there", () => {
  for (const number of [1, 2, 3, 4]) build(number);
  mkdirSync(join(builds, "by-hand"));
  removeOldBuilds(builds);

  expect(readdirSync(builds).sort()).toEqual([nameOf(3), nameOf(4), "by-hand"]);
});

test("a build that a house serves stays until that has stopped", () => {
  for (const number of [1, 2, 3, 4]) build(number);
  const stopping = new AbortController();
  markServed(join(builds, nameOf(1)), stopping.signal);
  removeOldBuilds(builds);
  expect(readdirSync(builds)).toContain(nameOf(1));

  stopping.abort();
  removeOldBuilds(builds);
  expect(readdirSync(builds).sort()).toEqual([nameOf(3), nameOf(4)]);
});

test("what a killed program marked or left half done goes, and nothing of one that runs", () => {
  for (const number of [1, 2, 3]) build(number);
  const { pid: dead } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(join(builds, `${nameOf(1)}.served-by-${dead}`), "");
  mkdirSync(join(builds, `${nameOf(4)}.part-${dead}`));
  mkdirSync(join(builds, `${nameOf(5)}.part-${process.pid}`));
  removeLeftovers(builds);
  removeOldBuilds(builds);

  expect(readdirSync(builds).sort()).toEqual([
    ...[nameOf(2), nameOf(3), `${nameOf(5)}.part-${process.pid}`],
  ]);
});

test("a folder where nothing can be written is served all the same", () => {
  const nowhere = join(builds, "none", nameOf(1));
  expect(() => markServed(nowhere, new AbortController().signal)).not.toThrow();
});

/** The higher the number, the newer. */
function build(number: number): void {
  const folder = join(builds, nameOf(number));
  mkdirSync(folder);
  utimesSync(folder, number, number);
}

function nameOf(number: number): string {
  return String(number).padStart(16, "0");
}
