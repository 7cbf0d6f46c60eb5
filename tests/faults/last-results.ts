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
});
export type SoakResult = z.infer<typeof SoakResult>;

const TestedFile = z.object({
  at: z.iso.datetime(),
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
});

const LastResults = z.object({
  /** What the random ones of the tests began from. */
  seed: z.int(),
  files: z.record(z.string(), TestedFile),
  soak: SoakResult.optional(),
});
/** What came of the reliability table's tests when they ran last, by file. */
export type LastResults = z.infer<typeof LastResults>;

const file = fileURLToPath(new URL("last-results.json", import.meta.url));

export function lastResults(): LastResults {
  if (!existsSync(file)) return { seed: 0, files: {} };
  return LastResults.parse(JSON.parse(readFileSync(file, "utf8")));
}

export function keepResults(results: LastResults): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

export function keepSoak(soak: SoakResult): void {
  keepResults({ ...lastResults(), soak });
}
