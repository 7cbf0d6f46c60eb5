/** The middle value; `undefined` of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

export type PeerDeviation = {
  readonly median: number;
  /** Median of the absolute deviations. */
  readonly mad: number;
  /** Modified z of each value; `null` when the peers do not differ at all. */
  readonly z: readonly (number | null)[];
  readonly ratio: readonly number[];
};

/** How far each of a group stands from the others, in robust measures. */
export function peerDeviation(values: readonly number[]): PeerDeviation | undefined {
  const middle = median(values);
  if (middle === undefined) return undefined;
  const mad = median(values.map((value) => Math.abs(value - middle))) ?? 0;
  return {
    median: middle,
    mad,
    z: values.map((value) => (mad > 0 ? (0.6745 * (value - middle)) / mad : null)),
    ratio: values.map((value) => value / middle),
  };
}
