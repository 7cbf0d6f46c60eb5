import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { holdDataFolder } from "./house-lock.ts";

let folder: DataFolder;

beforeEach(() => {
  folder = openDataFolder(mkdtempSync(join(tmpdir(), "sunledger-lock-")));
});

afterEach(() => {
  rmSync(folder.path, { recursive: true });
});

test("a data folder is held by one house at a time", () => {
  const release = holdDataFolder(folder);

  expect(() => holdDataFolder(folder)).toThrow(/already running on the data folder/);
  release();
  holdDataFolder(folder)();
});
