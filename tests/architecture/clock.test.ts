import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readsTheTime =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\.now\b|\bTemporal\.Now\b|\bhrtime\b/;
const makesAClock = /\b(?:systemClock|openClock)\(/;

/** The one reading of the system's time of the programs, and that of the page, which is no program of the house. */
const clocks = ["packages/runtime/src/clock.ts", "dashboard/src/main.tsx"];
const runtime = "packages/runtime/";

test("only the clock of runtime reads the system's time", () => {
  const readers = sources().filter(
    ({ file, code }) => !clocks.includes(file) && readsTheTime.test(code),
  );

  expect(readers.map(({ file }) => file)).toEqual([]);
});

test("only a main.ts and the command line make a clock", () => {
  const makers = sources().filter(
    ({ file, code }) =>
      !file.startsWith(runtime) &&
      !file.startsWith("packages/cli/") &&
      !file.endsWith("main.ts") &&
      makesAClock.test(code),
  );

  expect(makers.map(({ file }) => file)).toEqual([]);
});

test("SQL takes its times from the programs", () => {
  const askers = sources().filter(({ file, code }) => isSql(file) && asksTheDatabase.test(code));

  expect(askers.map(({ file }) => file)).toEqual([]);
});

const asksTheDatabase =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\s*\)|\bcurrent_(?:timestamp|date|time)\b/i;

function isSql(file: string): boolean {
  return file.endsWith(".sql") || file.startsWith("packages/store/src/");
}

function sources(): { file: string; code: string }[] {
  return globSync(
    [
      "{packages/*,gateway,ingest,api,dashboard,simulators}/src/**/*.{ts,tsx}",
      "packages/store/migrations/**/*.sql",
    ],
    { cwd: root },
  )
    .filter((file) => !/\.(test|contract)\.tsx?$/.test(file) && !file.includes("/testing/"))
    .map((file) => ({ file, code: withoutComments(readFileSync(`${root}/${file}`, "utf8")) }));
}

function withoutComments(code: string): string {
  return code
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "$1")
    .replace(/^\s*--.*$/gm, "");
}
