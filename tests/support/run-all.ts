import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  type FileResult,
  needsContainers,
  needsMounts,
  readFailures,
  readResults,
  sumUp,
} from "./test-results.ts";

/**
 * The whole suite: first what runs in its own process, then what starts whole houses. With
 * `CI=true` a skipped test is a failure, save those that need a container engine or
 * a disk of their own to mount. `--full` runs the
 * long matrices to their end and writes `tests/full-report.json`.
 */
const parts = [
  ["unit", "architecture"],
  ["system", "faults", "browser"],
];
const root = fileURLToPath(new URL("../../", import.meta.url));
const fullReport = join(root, "tests/full-report.json");
const vitest = join(root, "node_modules/vitest/vitest.mjs");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: "boolean", default: false } },
});
const mostTold = 8;
const strict = process.env.CI === "true";
const wanted = parts.map((part) => part.filter(isWanted)).filter((part) => part.length > 0);
const reports = mkdtempSync(join(tmpdir(), "sunledger-tests-"));
const results: FileResult[] = [];
const told: string[] = [];
let broken = 0;

for (const projects of wanted) {
  const report = join(reports, `${projects[0]}.json`);
  const code = await runVitest(projects, report);
  const files = existsSync(report) ? readResults(report, root) : [];
  results.push(...files);
  if (existsSync(report)) told.push(...readFailures(report, root));
  // An error outside of any test, or a part without tests: vitest says so by its exit code alone.
  if (code !== 0 && sumUp(files).failed === 0) {
    broken += 1;
    told.push(
      `${projects.join(", ")}: an error outside of any test, told above (exit code ${code})`,
    );
  }
}
rmSync(reports, { recursive: true, force: true });

tellSlowest();
for (const failure of told.slice(0, mostTold)) say(`\nFAILED ${failure}`);
if (told.length > mostTold) say(`\nand ${told.length - mostTold} more, above`);

const { passed, failed, skipped, exempt } = sumUp(results);
const failures = failed + broken + (strict ? skipped : 0);
if (values.full) writeReport();
if (exempt > 0) {
  say(`${exempt} tests ${needsContainers} or ${needsMounts} skipped: the machine gives none`);
}
if (strict && skipped > 0) say(`${skipped} skipped tests count as failed, since CI=true`);
say(`${passed} passed, ${failures} failed, ${skipped + exempt} skipped`);
process.exitCode = failures > 0 || passed === 0 ? 1 : 0;

function isWanted(project: string): boolean {
  return positionals.length === 0 || positionals.includes(project);
}

async function runVitest(projects: readonly string[], report: string): Promise<number> {
  const args = [
    ...["run", "--reporter=default", "--reporter=json"],
    `--outputFile.json=${report}`,
    ...projects.flatMap((project) => ["--project", project]),
  ];
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...(values.full && { SUNLEDGER_TEST_FULL: "1" }) },
  });
  const [code] = await once(child, "exit");
  return code ?? 1;
}

function tellSlowest(): void {
  const slowest = results.toSorted((a, b) => b.seconds - a.seconds).slice(0, 12);
  say(
    `\nslowest: ${slowest.map(({ file, seconds }) => `${file} ${seconds.toFixed(0)} s`).join(", ")}`,
  );
}

/** A part that was run alone renews its own files in the last report. */
function writeReport(): void {
  const at = new Date().toISOString();
  const others = readOtherParts();
  const files = [...others, ...results].toSorted((a, b) => a.file.localeCompare(b.file));
  const { passed, failed, skipped, exempt } = sumUp(files);
  const failures = failed + broken + (strict ? skipped : 0);
  const totals = { passed, failed: failures, skipped: skipped + exempt };
  const report = { at, node: process.version, totals, files };
  writeFileSync(fullReport, `${JSON.stringify(report, null, 2)}\n`);
}

function readOtherParts(): FileResult[] {
  if (!existsSync(fullReport)) return [];
  const { files } = JSON.parse(readFileSync(fullReport, "utf8")) as { files: FileResult[] };
  return files.filter(({ file }) => !isWanted(projectOf(file)));
}

function projectOf(file: string): string {
  if (file.startsWith("tests/support/")) return "faults";
  return /^tests\/(architecture|system|faults|browser)\//.exec(file)?.[1] ?? "unit";
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
