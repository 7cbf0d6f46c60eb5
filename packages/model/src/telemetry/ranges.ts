/**
 * A set of sequence numbers as ordered, disjoint, not adjacent, inclusive ranges.
 * The shape of settled numbers in acks and of an `int8multirange` in the store.
 */
export type Ranges = readonly Range[];
export type Range = readonly [from: number, to: number];

export const noRanges: Ranges = [];

/** The union of any ranges, in any order, as a proper set. */
export function rangesOf(parts: Iterable<Range>): Ranges {
  const sorted = [...parts].filter(([from, to]) => from <= to).sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function unionOf(a: Ranges, b: Ranges): Ranges {
  return rangesOf([...a, ...b]);
}

/** What is in `a` and not in `b`. */
export function without(a: Ranges, b: Ranges): Ranges {
  const rest: Range[] = [];
  let next = 0;
  for (const [from, to] of a) {
    let start = from;
    while (next < b.length && (b[next]?.[1] ?? 0) < start) next += 1;
    for (let i = next; i < b.length; i += 1) {
      const [holeFrom, holeTo] = b[i] as Range;
      if (holeFrom > to) break;
      if (holeFrom > start) rest.push([start, holeFrom - 1]);
      start = holeTo + 1;
    }
    if (start <= to) rest.push([start, to]);
  }
  return rest;
}

/** What is in both. */
export function common(a: Ranges, b: Ranges): Ranges {
  return without(a, without(a, b));
}

/** The lowest `most` numbers. */
export function lowestOf(ranges: Ranges, most: number): Ranges {
  const taken: Range[] = [];
  let left = most;
  for (const [from, to] of ranges) {
    if (left <= 0) break;
    const end = Math.min(to, from + left - 1);
    taken.push([from, end]);
    left -= end - from + 1;
  }
  return taken;
}

export function includes(ranges: Ranges, number: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges[middle] as Range;
    if (number < from) high = middle - 1;
    else if (number > to) low = middle + 1;
    else return true;
  }
  return false;
}

/** How many numbers the set holds. */
export function sizeOf(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** The end of the run that begins at 1, or 0: everything up to it is settled. */
export function watermarkOf(ranges: Ranges): number {
  const first = ranges[0];
  return first && first[0] <= 1 ? first[1] : 0;
}
