import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with settings, a sentence each, but for those of which it is known that they are empty.
 * Values are not told: they may be secret.
 */
export function settingProblems(
  { issues }: z.ZodError,
  given: Readonly<Record<string, unknown>>,
  empty: readonly string[],
): string[] {
  return issues.flatMap((issue) => {
    const name = issue.path.join(".");
    if (empty.includes(name)) return [];
    return given[name] === undefined ? `${name} is not set` : `${name} ${problemOf(issue)}`;
  });
}

function problemOf(issue: Issue): string {
  if (issue.code === "invalid_type" && issue.expected === "number") return "is not a number";
  if (issue.code === "invalid_type" && issue.expected === "int") return "is not a whole number";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  const isNumber = "origin" in issue && ["number", "int"].includes(issue.origin);
  if (issue.code === "too_small" && isNumber) return `must be at least ${issue.minimum}`;
  if (issue.code === "too_big" && isNumber) return `must be at most ${issue.maximum}`;
  return `is wrong: ${issue.message}`;
}
