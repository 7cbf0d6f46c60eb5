import type { Stretch } from "../kit/time-series/spec.ts";

/** The stretches in which a point was known to have its newest value. */
export type Confirmations = {
  /** That it was known at a time, Unix milliseconds; said again it changes nothing. */
  note(at: number): void;
  /** Oldest first, none nearer to the next than the silence that parts them. */
  stretches(): readonly Stretch[];
};

/** A silence longer than `silenceMs` ends a stretch: what comes after it begins another. */
export function confirmations(silenceMs: number): Confirmations {
  const stretches: Stretch[] = [];
  return {
    note(at) {
      const last = stretches.at(-1);
      if (last && at <= last.to) return;
      if (last && at - last.to <= silenceMs) stretches[stretches.length - 1] = { ...last, to: at };
      else stretches.push({ from: at, to: at });
    },
    stretches: () => stretches,
  };
}

/** The stretches that those of any source come to; they need not be in order. */
export function joinedStretches(all: readonly Stretch[], silenceMs: number): Stretch[] {
  const joined: Stretch[] = [];
  for (const each of [...all].sort((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last && each.from - last.to <= silenceMs) {
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, each.to) };
    } else joined.push(each);
  }
  return joined;
}
