/** A stretch of time: its start inclusive, its end exclusive, Unix milliseconds. */
export type Stretch = { readonly from: number; readonly to: number };

/** The stretches, in order, with what touches, or lies at most `gapMs` apart, as one. */
export function joinStretches(stretches: readonly Stretch[], gapMs = 0): readonly Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
    if (stretch.from >= stretch.to) continue;
    const last = joined.at(-1);
    if (!last || stretch.from - last.to > gapMs) joined.push(stretch);
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, stretch.to) };
  }
  return joined;
}

/** What is left of the stretches without the others. */
export function without(
  stretches: readonly Stretch[],
  others: readonly Stretch[],
): readonly Stretch[] {
  const holes = joinStretches(others);
  const left: Stretch[] = [];
  let hole = 0;
  for (const { from, to } of joinStretches(stretches)) {
    let begin = from;
    while (hole < holes.length && (holes[hole] as Stretch).to <= from) hole += 1;
    for (let next = hole; next < holes.length; next += 1) {
      const other = holes[next] as Stretch;
      if (other.from >= to) break;
      if (other.from > begin) left.push({ from: begin, to: other.from });
      begin = Math.max(begin, other.to);
    }
    if (begin < to) left.push({ from: begin, to });
  }
  return left;
}

/** From the first to the last instant of the stretches, of which there is one at least. */
export function spanOf(stretches: readonly Stretch[]): Stretch {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const stretch of stretches) {
    from = Math.min(from, stretch.from);
    to = Math.max(to, stretch.to);
  }
  return { from, to };
}

/** The part of a stretch that consists of whole steps, counted from 1970; empty where there is none. */
export function wholeSteps({ from, to }: Stretch, stepMs: number): Stretch {
  const begin = Math.ceil(from / stepMs) * stepMs;
  return { from: begin, to: Math.max(begin, Math.floor(to / stepMs) * stepMs) };
}

/** Whether the stretch lies within one of these, which are in order and apart. */
export function isWithin({ from, to }: Stretch, stretches: readonly Stretch[]): boolean {
  let [low, high] = [0, stretches.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((stretches[middle] as Stretch).from <= from) low = middle;
    else high = middle;
  }
  const found = stretches[low];
  return found !== undefined && found.from <= from && found.to >= to;
}
