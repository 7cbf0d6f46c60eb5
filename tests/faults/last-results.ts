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
});
export type TestedFile = z.infer<typeof TestedFile>;

const LastResults = z.object({
  files: z.record(z.string(), TestedFile),
  soak: SoakResult.optional(),
});
/** What came of the reliability table's tests when they ran last, by file. */
export type LastResults = z.infer<typeof LastResults>;

const file = fileURLToPath(new URL("last-results.json", import.meta.url));

export function lastResults(): LastResults {
  if (!existsSync(file)) return { files: {} };
  return LastResults.parse(JSON.parse(readFileSync(file, "utf8")));
}

export function keepResults(results: LastResults): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

export function keepSoak(soak: SoakResult): void {
  keepResults({ ...lastResults(), soak });
}
