import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const SoakResult = z.object({
  at: z.iso.datetime(),
  hours: z.number(),
  broker: z.enum(["aedes", "mosquitto"]),
  seed: z.int(),
  faults: z.int(),
  frames: z.int(),
  compared: z.int(),
  /** How many things were not as they have to be. */
  wrong: z.int(),
  /** The most that one program ever held. */
  megabytes: z.int().optional(),
  /** Of the longest-lived process of each program: hours watched, and megabytes an hour where that can be told. */
  growth: z
    .record(z.string(), z.object({ hours: z.number(), slope: z.number().optional() }))
    .default({}),
});
export type SoakResult = z.infer<typeof SoakResult>;

const TestedFile = z.object({
  at: z.iso.datetime(),
  /** What its random tests began from. */
  seed: z.int(),
  /** Whether it ran cut short, as in continuous integration, or whole. */
  extent: z.enum(["short", "full"]),
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
  /** Left out for want of what not every machine gives: a disk that may be mounted. */
  exempt: z.int().default(0),
  /** How long the file took. */
  seconds: z.number().optional(),
  /** How many declarations of tests it had: one that has come since has not run. */
  declared: z.int().optional(),
});
export type TestedFile = z.infer<typeof TestedFile>;

const LastResults = z.object({
  /** Of the last run of each, cut short. */
  files: z.record(z.string(), TestedFile),
  /** Of the last whole run of those that ran whole. */
  whole: z.record(z.string(), TestedFile).default({}),
  soak: SoakResult.optional(),
});
/** What came of the reliability table's tests when they ran last, by file. */
export type LastResults = z.infer<typeof LastResults>;

const file = fileURLToPath(new URL("last-results.json", import.meta.url));

export function lastResults(): LastResults {
  if (!existsSync(file)) return { files: {}, whole: {} };
  return LastResults.parse(JSON.parse(readFileSync(file, "utf8")));
}

export function keepResults(results: LastResults): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** A whole run stands beside the short one. */
export function keepTested(file: string, result: TestedFile): void {
  const before = lastResults();
  const of = result.extent === "full" ? "whole" : "files";
  keepResults({ ...before, [of]: { ...before[of], [file]: result } });
}

export function keepSoak(soak: SoakResult): void {
  keepResults({ ...lastResults(), soak });
}
