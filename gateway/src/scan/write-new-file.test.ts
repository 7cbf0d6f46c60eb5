import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeNewFile } from "./write-new-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file is written once and never over another", () => {
  const file = join(folder, "site.yaml");
  writeNewFile(file, "first");

  expect(() => writeNewFile(file, "second")).toThrow("exists already: name another");
  expect(readFileSync(file, "utf8")).toBe("first");
});

test.each([
  ["nowhere/site.yaml", "its folder is not there"],
  ["file/site.yaml", "what should be its folder is a file"],
])("why %s cannot be written is said in words", (place, why) => {
  writeNewFile(join(folder, "file"), "");

  expect(() => writeNewFile(join(folder, place), "text")).toThrow(`cannot be written: ${why}`);
});
