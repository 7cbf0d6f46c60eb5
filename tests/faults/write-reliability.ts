import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readResults } from "../support/test-results.ts";
import { seed } from "../support/thoroughness.ts";
import { keepResults, lastResults } from "./last-results.ts";
import { duties, faults } from "./reliability-table.ts";
import { writePage } from "./write-page.ts";

/**
 * Runs the tests that the table names, one file after the other, keeps what came of them, and writes the
 * page. With files as arguments it runs those alone; with `--page` none.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");

const args = process.argv.slice(2);
const named = [...new Set([...duties, ...faults].flatMap(({ tests }) => tests))].sort();
const wanted = args.length === 0 ? named : args.filter((file) => named.includes(file));
if (!args.includes("--page")) await runAll(wanted);
writePage();

async function runAll(files: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-reliability-"));
  for (const file of files) {
    const report = join(folder, "report.json");
    const child = spawn(
      process.execPath,
      [vitest, "run", file, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
      { cwd: root, stdio: "inherit" },
    );
    await once(child, "exit");
    const before = lastResults();
    const at = new Date().toISOString();
    const own = readResults(report, root).map(
      ({ file, passed, failed, skipped }) => [file, { at, passed, failed, skipped }] as const,
    );
    keepResults({ ...before, seed, files: { ...before.files, ...Object.fromEntries(own) } });
    rmSync(report, { force: true });
  }
  rmSync(folder, { recursive: true });
}
