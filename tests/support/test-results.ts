import { readFileSync } from "node:fs";
import { relative } from "node:path";

export type Counts = { passed: number; failed: number; skipped: number; containers: number };
export type FileResult = { readonly file: string; readonly seconds: number } & Counts;

type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
};

/** Tests that need a container engine say so in their names; only they may be skipped in CI. */
export const needsContainers = "(container engine)";

/** What vitest's JSON report says of each file. A file that could not be loaded is a failure. */
export function readResults(reportFile: string, root: string): FileResult[] {
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  return report.testResults.map(({ name, status, startTime, endTime, assertionResults }) => {
    const counts = sumUp(assertionResults.map(countOf));
    if (status === "failed" && counts.failed === 0) counts.failed = 1;
    const seconds = Math.max(0, endTime - startTime) / 1_000;
    return { file: relative(root, name), seconds, ...counts };
  });
}

function countOf({ status, fullName }: { status: string; fullName: string }): Counts {
  const none = { passed: 0, failed: 0, skipped: 0, containers: 0 };
  if (status === "passed") return { ...none, passed: 1 };
  if (status === "failed") return { ...none, failed: 1 };
  return fullName.includes(needsContainers) ? { ...none, containers: 1 } : { ...none, skipped: 1 };
}

export function sumUp(all: readonly Counts[]): Counts {
  const sum: Counts = { passed: 0, failed: 0, skipped: 0, containers: 0 };
  for (const { passed, failed, skipped, containers } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
    sum.containers += containers;
  }
  return sum;
}
