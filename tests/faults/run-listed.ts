import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readResults } from "../support/test-results.ts";
import { full, seed } from "../support/thoroughness.ts";
import { declaredIn } from "./declared-in.ts";
import { keepTested, type TestedFile } from "./last-results.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");

/** Runs files of tests one after the other and keeps what came of each; answers how many tests failed. */
export async function runListed(files: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-reliability-"));
  let failed = 0;
  for (const file of files) {
    const result = await runOne(file, join(folder, "report.json"));
    keepTested(file, result);
    failed += result.failed;
  }
  rmSync(folder, { recursive: true });
  return failed;
}

async function runOne(file: string, report: string): Promise<TestedFile> {
  const child = spawn(
    process.execPath,
    [vitest, "run", file, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    { cwd: root, stdio: "inherit" },
  );
  const [code] = await once(child, "exit");
  const own = existsSync(report)
    ? readResults(report, root).find((one) => one.file === file)
    : undefined;
  rmSync(report, { force: true });
  const { passed = 0, failed = 0, skipped = 0, exempt = 0, seconds = 0 } = own ?? {};
  return {
    ...{ at: new Date().toISOString(), seed, extent: full ? "full" : "short" },
    ...{ passed, skipped, exempt, seconds: Math.round(seconds), declared: declaredIn(file) },
    // An error outside of any test, or a run that left no report: vitest says so by its exit code alone.
    failed: failed === 0 && code !== 0 ? 1 : failed,
  };
}
