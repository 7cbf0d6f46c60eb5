/** A span of time without a hole: from its first to its last value, Unix milliseconds. */
export type Span = { readonly from: number; readonly to: number; readonly count: number };

/** The spans in which ascending instants are at most `maxGapMs` apart. */
export function spansOf(times: Iterable<number>, maxGapMs: number): readonly Span[] {
  return joinSpans(
    Array.from(times, (at) => ({ from: at, to: at, count: 1 })),
    maxGapMs,
  );
}

/** The spans of all that the given spans hold, however these overlap. */
export function joinSpans(spans: readonly Span[], maxGapMs: number): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (!last || span.from - last.to > maxGapMs) joined.push(span);
    else {
      const to = Math.max(last.to, span.to);
      joined[joined.length - 1] = { from: last.from, to, count: last.count + span.count };
    }
  }
  return joined;
}
