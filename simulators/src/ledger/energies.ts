import { join } from "node:path";
import * as z from "zod";
import { appendLines, readLines } from "./json-lines.ts";

/** A line of `{plant}.energies.jsonl`: what the plant's counters truly had come to. */
const EnergyLine = z.object({
  v: z.literal(1),
  at: z.int(),
  wattHours: z.record(z.string(), z.number().nonnegative()),
});
export type LedgerEnergies = Omit<z.infer<typeof EnergyLine>, "v">;

const fileOf = (folder: string, plant: string) => join(folder, `${plant}.energies.jsonl`);

/** Writes down what the counters of a plant truly have come to. */
export function writeEnergies(
  folder: string,
  plant: string,
  energies: LedgerEnergies,
): Promise<void> {
  return appendLines(fileOf(folder, plant), [{ v: 1, ...energies }]);
}

/** What `writeEnergies` has written of a plant, oldest first. */
export async function readEnergies(folder: string, plant: string): Promise<LedgerEnergies[]> {
  const lines = await readLines(fileOf(folder, plant), EnergyLine);
  return lines.map(({ at, wattHours }) => ({ at, wattHours })).sort((a, b) => a.at - b.at);
}
