import { describe, expect, test } from "vitest";
import { isForTests, type Source, sources } from "./sources.ts";

/**
 * Whatever can tell the time. Of `Date` only what works out a moment that is given is no reading;
 * any other mention may hand the reading on under another name.
 */
const readsTheTime = [
  /(?<!\bnew\s+)\bDate\b(?!\.(?:parse|UTC)\()/,
  /\bnew\s+Date\b(?!\s*\(\s*[^)\s.])/,
  // Not the folder of that name in the path of an import.
  /(?<![/"'-])\bperformance\b(?!-)/,
  /\[\s*["'`](?:Date|performance)["'`]\s*\]/,
  /\b(?:perf_hooks|hrtime|uptime|Temporal)\b/,
  // A formatter that is given no moment writes the present one.
  /\.format(?:ToParts)?\(\s*\)/,
  /\bdayjs(?:\.utc)?\(\s*\)/,
];
const namesAMaker = /\b(?:systemClock|openClock)\b/;

/** The one reading of the system's time of the programs, and that of the page, which is no program of the house. */
const clocks = ["packages/runtime/src/clock.ts", "dashboard/src/main.tsx"];
const home = ["clock.ts", "clock-link.ts", "index.ts"].map(
  (file) => `packages/runtime/src/${file}`,
);
/** The commands that do their work themselves: each is its own `main.ts`. */
const commands = [
  ...["backup", "database", "doctor", "export", "input", "migrate", "move"],
  ...["quarantine", "replay", "resend", "restore", "start"],
].map((name) => `packages/cli/src/commands/${name}.ts`);

test("only the clock of runtime reads the system's time", () => {
  const readers = programs().filter(tellsTheTime);

  expect(readers.map(({ file }) => file).sort()).toEqual([...clocks].sort());
});

test("only a main.ts and a command make a clock", () => {
  const makers = programs().filter(
    ({ file, code }) => !file.endsWith("/main.ts") && namesAMaker.test(code),
  );

  expect(makers.map(({ file }) => file).sort()).toEqual([...home, ...commands].sort());
});

describe("a reading of the time", () => {
  test.each([
    "Date.now()",
    "const now = Date.now;",
    "Date?.now()",
    'Date["now"]()',
    "new Date;",
    "new Date().getTime()",
    "new Date(...[])",
    "String(Date())",
    "const { now } = Date;",
    "const Day = Date; new Day();",
    'globalThis["Date"].now()',
    "performance.now()",
    'performance["now"]()',
    "const { now } = performance;",
    'import { performance as p } from "node:perf_hooks";',
    "process.hrtime.bigint()",
    "process.uptime()",
    "Temporal.Now.instant()",
    "new Intl.DateTimeFormat().format()",
    "dayjs().valueOf()",
  ])("%s is one", (code) => expect(tellsTheTime({ code })).toBe(true));

  test.each([
    "new Date(at).toISOString()",
    "Date.UTC(2026, 5, 21)",
    'Date.parse("2026-06-21")',
    'import { localDay } from "@sunledger/model/performance";',
    'export { ratio } from "./performance-ratio.ts";',
    "dayjs(at).format(pattern)",
    "new Intl.DateTimeFormat().format(at)",
  ])("%s is none", (code) => expect(tellsTheTime({ code })).toBe(false));
});

test("SQL takes its times from the programs", () => {
  const askers = [...programs(), ...sources("packages/store/migrations/**/*.sql")].filter(
    ({ file, code }) => isSql(file) && asksTheDatabase.test(code),
  );

  expect(askers.map(({ file }) => file)).toEqual([]);
});

const asksTheDatabase =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\s*\)|\bcurrent_(?:timestamp|date|time)\b/i;

function isSql(file: string): boolean {
  return file.endsWith(".sql") || file.startsWith("packages/store/src/");
}

function tellsTheTime({ code }: Pick<Source, "code">): boolean {
  return readsTheTime.some((pattern) => pattern.test(code));
}

/** What runs in a program, be it of a house or on a page. */
function programs(): Source[] {
  return sources(
    "{packages/*,gateway,ingest,api,dashboard,simulators}/src/**/*.{ts,tsx}",
    "packages/cli/bin/*.js",
  ).filter(({ file }) => !isForTests(file));
}
