export type Scale = readonly [from: number, to: number];

/** After so long without need a scale shrinks again. */
const shrinkAfterMs = 10_000;

/** The next round number upwards: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find(
    (each) => each * power >= value * (1 - 1e-9),
  );
  return (step ?? 10) * power;
}

/** An inverter's own need at night does not move the zero of its day. */
export const negligible = 0.02;

/** A range of round numbers around the values; zero is in it when they come near it or are all the same. */
export function roundRange(least: number, most: number): Scale {
  if (least === most) return most < 0 ? [-roundUp(-most), 0] : [0, roundUp(most || 1)];
  const span = most - least;
  if (least >= -span * negligible && least < span * 2) return [0, roundUp(most || 1)];
  if (most <= 0 && -most < span * 2) return [-roundUp(-least || 1), 0];
  const step = roundUp(span / 4);
  return [Math.floor(least / step) * step, Math.ceil(most / step) * step];
}

/** A scale that grows at once and shrinks late, so that a curve does not breathe. */
export function slowScale() {
  let kept: Scale | undefined;
  let tightSince: number | undefined;

  return (wanted: Scale, now: number): Scale => {
    if (!kept || wanted[0] < kept[0] || wanted[1] > kept[1]) {
      kept = kept ? [Math.min(kept[0], wanted[0]), Math.max(kept[1], wanted[1])] : wanted;
      tightSince = undefined;
      return kept;
    }
    if (wanted[0] === kept[0] && wanted[1] === kept[1]) {
      tightSince = undefined;
      return kept;
    }
    tightSince ??= now;
    if (now - tightSince >= shrinkAfterMs) {
      kept = wanted;
      tightSince = undefined;
    }
    return kept;
  };
}

export type Ticked = { readonly range: Scale; readonly at: readonly number[] };

/** Steps that people count in, times a power of ten. */
const steps = [1, 2, 2.5, 3, 4, 5, 10];

/**
 * The range widened to whole steps, and its ticks from end to end: at most `most` steps, and two where
 * one is asked for. A widened range is not widened again.
 */
export function ticked([from, to]: Scale, most: number): Ticked {
  const span = to - from;
  const least = span / Math.max(2, most);
  const power = 10 ** Math.floor(Math.log10(least));
  // The same for every size: an end that one size takes for round must be so for the next.
  const off = slack * least;
  for (const size of [...steps.map((step) => step * power), 20 * power, 50 * power]) {
    const [first, last] = [Math.floor((from + off) / size), Math.ceil((to - off) / size)];
    if (last - first > Math.max(2, most)) continue;
    // Plus zero: a negative one would be written with its sign.
    const at = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * size + 0);
    return { range: [first * size + 0, last * size + 0], at };
  }
  return { range: [from, to], at: [from, to] };
}

/** Of the least step: what binary fractions are off by. */
const slack = 1e-6;
