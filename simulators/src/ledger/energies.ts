import { join } from "node:path";
import * as z from "zod";
import { appendLines, readLines, turnWhenFull } from "./json-lines.ts";
import type { FileRoom } from "./numbered-files.ts";

/** A line of `{plant}.energies.jsonl`: what the plant's counters truly had come to. */
const EnergyLine = z.object({
  v: z.literal(1),
  at: z.int(),
  wattHours: z.record(z.string(), z.number().nonnegative()),
});
export type LedgerEnergies = Omit<z.infer<typeof EnergyLine>, "v">;

const fileOf = (folder: string, plant: string) => join(folder, `${plant}.energies.jsonl`);

/**
 * Writes down what the counters of a plant truly have come to. A full file gives way to a new one; gives back the names
 * of those that had to go for it.
 */
export async function writeEnergies(
  folder: string,
  plant: string,
  energies: LedgerEnergies,
  room: FileRoom = {},
): Promise<string[]> {
  const file = fileOf(folder, plant);
  const gone = await turnWhenFull(file, room);
  await appendLines(file, [{ v: 1, ...energies }]);
  return gone;
}

/** What `writeEnergies` has written of a plant, in its order. */
export async function* writtenEnergies(
  folder: string,
  plant: string,
): AsyncGenerator<LedgerEnergies> {
  for await (const { at, wattHours } of readLines(fileOf(folder, plant), EnergyLine)) {
    yield { at, wattHours };
  }
}

/** The same, oldest first. */
export async function readEnergies(folder: string, plant: string): Promise<LedgerEnergies[]> {
  const lines: LedgerEnergies[] = [];
  for await (const line of writtenEnergies(folder, plant)) lines.push(line);
  return lines.sort((a, b) => a.at - b.at);
}
