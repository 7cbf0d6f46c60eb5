import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@sunledger/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "sunledger-folder-"));
});
afterEach(() => rmSync(place, { recursive: true }));

test("makes the folder with all above it, and takes one that is there", () => {
  const folder = join(place, "a", "b");
  makeFolder(folder);
  makeFolder(folder);

  expect(existsSync(folder)).toBe(true);
});

test.each([["the file itself"], ["a folder below it", "outbox"], ["one further", "a", "b"]])(
  "says which file stands in the way: %s",
  (_how, ...below) => {
    const file = join(place, "roof");
    writeFileSync(file, "");
    const folder = join(file, ...below);

    expect(() => makeFolder(folder)).toThrow(ConfigError);
    expect(() => makeFolder(folder)).toThrow(
      `the outbox cannot be kept in ${folder}: ${file} is a file, not a folder`,
    );
  },
);

// Whoever is root may write everywhere.
if (process.getuid?.() !== 0) {
  test("says that it may not write there", () => {
    chmodSync(place, 0o500);

    expect(() => makeFolder(join(place, "outbox"))).toThrow(
      `the outbox cannot be kept in ${join(place, "outbox")}: this program may not write there`,
    );
  });
}
