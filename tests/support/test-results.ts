import { readFileSync } from "node:fs";
import { relative } from "node:path";

export type Counts = { passed: number; failed: number; skipped: number; exempt: number };
export type FileResult = { readonly file: string; readonly seconds: number } & Counts;

type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    /** Why the file as a whole failed: an import, a hook. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
};

/**
 * What some tests need that not every machine gives, as they say it in their names; only they may be skipped
 * in CI.
 */
export const needsContainers = "(container engine)";
/** A file system of the test's own, which takes root's leave, and that of a container's host. */
export const needsMounts = "(mounted disk)";
const exempt = [needsContainers, needsMounts];

/** What vitest's JSON report says of each file. A file that could not be loaded is a failure. */
export function readResults(reportFile: string, root: string): FileResult[] {
  return readReport(reportFile).testResults.map(
    ({ name, status, startTime, endTime, assertionResults }) => {
      const counts = sumUp(assertionResults.map(countOf));
      if (status === "failed" && counts.failed === 0) counts.failed = 1;
      const seconds = Math.max(0, endTime - startTime) / 1_000;
      return { file: relative(root, name), seconds, ...counts };
    },
  );
}

const longestMessage = 1_200;

/**
 * Each failure with its file, test and reason, to be said again at the end of a run: of thousands of
 * lines, the last are what is kept and read.
 */
export function readFailures(reportFile: string, root: string): string[] {
  return readReport(reportFile).testResults.flatMap(
    ({ name, status, message, assertionResults }) => {
      const file = relative(root, name);
      const failed = assertionResults.filter((result) => result.status === "failed");
      if (status === "failed" && failed.length === 0)
        return [`${file}\n${shortened(message ?? "")}`];
      return failed.map(({ fullName, failureMessages = [] }) => {
        return `${file} > ${fullName}\n${shortened(failureMessages.join("\n"))}`;
      });
    },
  );
}

function shortened(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage)} …` : message;
}

function readReport(reportFile: string): Report {
  return JSON.parse(readFileSync(reportFile, "utf8")) as Report;
}

function countOf({ status, fullName }: { status: string; fullName: string }): Counts {
  const none = { passed: 0, failed: 0, skipped: 0, exempt: 0 };
  if (status === "passed") return { ...none, passed: 1 };
  if (status === "failed") return { ...none, failed: 1 };
  const isExempt = exempt.some((need) => fullName.includes(need));
  return isExempt ? { ...none, exempt: 1 } : { ...none, skipped: 1 };
}

export function sumUp(all: readonly Counts[]): Counts {
  const sum: Counts = { passed: 0, failed: 0, skipped: 0, exempt: 0 };
  for (const { passed, failed, skipped, exempt } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
    sum.exempt += exempt;
  }
  return sum;
}
