import type { Window } from "../frames/bucket-size.ts";
import { isTooLittle } from "./figures.ts";

/** A stretch in which a plant's power is not known. */
export type PlantGap = Window & {
  /** Whether, for most of it, some inverters did report. */
  readonly partial: boolean;
};

/**
 * Where fewer than half of the inverters reported, out of the gaps of each: what a plant's curve
 * misses is what its inverters' histories miss. What is shorter than `expectedMs` is left out: their
 * gaps touch, and no value is missing.
 */
export function plantGaps(
  ofInverters: readonly (readonly Window[])[],
  expectedMs: number,
): PlantGap[] {
  const total = ofInverters.length;
  const turns = ofInverters
    .flatMap((gaps) =>
      gaps.flatMap(({ from, to }) => [
        { at: from, by: 1 },
        { at: to, by: -1 },
      ]),
    )
    .sort((a, b) => a.at - b.at || a.by - b.by);

  const found: PlantGap[] = [];
  let silent = 0;
  let partialMs = 0;
  let from: number | undefined;
  for (const [i, { at, by }] of turns.entries()) {
    silent += by;
    const next = turns[i + 1]?.at;
    if (next === at) continue;
    const isOpen = silent > 0 && isTooLittle({ reporting: total - silent, total });
    if (isOpen) {
      from ??= at;
      if (silent < total && next !== undefined) partialMs += next - at;
    } else if (from !== undefined) {
      const lastingMs = at - from;
      if (lastingMs > expectedMs) found.push({ from, to: at, partial: partialMs > lastingMs / 2 });
      from = undefined;
      partialMs = 0;
    }
  }
  return found;
}
