import { type FigureKeeper, figureKeeper } from "./link-figures.ts";
import { type Patience, patience } from "./patience.ts";

/** What a line remembers of one unit. */
export type LineUnit = {
  readonly patience: Patience;
  /** Asking once more was of no use the last time. */
  isSpoilt: boolean;
  /** Whose request was given up last: a late answer is taken for its. */
  missed: FigureKeeper | undefined;
};

/** One of those that ask a unit: of several devices behind it each has figures of its own. */
export type Asker = { readonly unit: LineUnit; readonly figures: FigureKeeper };

export type LineUnits = {
  /** `part`: which of the devices behind the unit asks, from 1. */
  asker(unit: number, part?: number): Asker;
  /** An answer came after its time-out, so long after its request. */
  late(unit: number, tookMs: number): void;
  /** How long the slowest takes to answer, as a rule. */
  slowestMs(): number;
};

const mostUnits = 256;

export function lineUnits(): LineUnits {
  const units = new Map<number, LineUnit>();
  const askers = new Map<number, Asker>();

  const unitOf = (address: number): LineUnit => {
    const known = units.get(address);
    if (known) return known;
    const unit = { patience: patience(), isSpoilt: false, missed: undefined };
    units.set(address, unit);
    return unit;
  };

  return {
    asker(unit, part = 1) {
      const key = part * mostUnits + unit;
      const known = askers.get(key);
      if (known) return known;
      const asker = { unit: unitOf(unit), figures: figureKeeper() };
      askers.set(key, asker);
      return asker;
    },

    late(address, tookMs) {
      const unit = units.get(address);
      unit?.patience.late(tookMs);
      unit?.missed?.late();
    },

    slowestMs: () =>
      Math.max(0, ...[...askers.values()].map(({ figures }) => figures.figures().latencyMs.mean)),
  };
}
