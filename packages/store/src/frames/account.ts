import {
  common,
  type Range,
  type Ranges,
  rangesOf,
  type SpanAccount,
  sizeOf,
} from "@sunledger/model";

type Known = {
  /** What is settled of the stream. */
  readonly settled: Ranges;
  /** Its spans that were given up, in no order. */
  readonly gaps: Iterable<Range>;
  /** How many numbers of the span are in quarantine, and were not given up besides. */
  readonly quarantined: number;
};

/** What became of the numbers of one span (D-13). */
export function accountOf(span: Range, { settled, gaps, quarantined }: Known): SpanAccount {
  const own = common(settled, [span]);
  const givenUp = common(own, rangesOf(gaps));
  return { settled: sizeOf(own), quarantined, givenUp: sizeOf(givenUp) };
}
