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
  readResults,
  sumUp,
} from "./test-results.ts";

/**
 * The whole suite, one part after the other, since the later parts start whole houses. With
 * `CI=true` a skipped test is a failure, save those that need a container engine or
 * a disk of their own to mount. `--full` runs the
 * long matrices to their end and writes `tests/full-report.json`.
 */
const parts = [["unit", "architecture"], ["system"], ["faults"], ["browser"]];
const root = fileURLToPath(new URL("../../", import.meta.url));
const fullReport = join(root, "tests/full-report.json");
const vitest = join(root, "node_modules/vitest/vitest.mjs");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: "boolean", default: false } },
});
const strict = process.env.CI === "true";
const wanted = parts.filter((part) => positionals.length === 0 || part.some(isWanted));
const reports = mkdtempSync(join(tmpdir(), "sunledger-tests-"));
const results: FileResult[] = [];
let broken = 0;

for (const projects of wanted) {
  const report = join(reports, `${projects[0]}.json`);
  const code = await runVitest(projects, report);
  const files = existsSync(report) ? readResults(report, root) : [];
  results.push(...files);
  // An error outside of any test, or a part without tests: vitest says so by its exit code alone.
  if (code !== 0 && sumUp(files).failed === 0) broken += 1;
}
rmSync(reports, { recursive: true, force: true });

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
  return positionals.includes(project);
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

/** A part that was run alone renews its own files in the last report. */
function writeReport(): void {
  const at = new Date().toISOString();
  const others = wanted.length === parts.length ? [] : readOtherParts();
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
  return files.filter(({ file }) => !wanted.some((part) => part.includes(projectOf(file))));
}

function projectOf(file: string): string {
  if (file.startsWith("tests/support/")) return "faults";
  return /^tests\/(architecture|system|faults|browser)\//.exec(file)?.[1] ?? "unit";
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
