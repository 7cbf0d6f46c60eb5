import type { FrameBatch } from "@sunledger/store";

/**
 * One batch a gateway, epoch and lane, in the order of these: whoever writes takes their locks in
 * the same order (D-7).
 */
export function merge(batches: readonly FrameBatch[]): FrameBatch[] {
  const streams = [...Map.groupBy(batches, streamOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return streams.map(([, parts]) => {
    const [first] = parts as [FrameBatch, ...FrameBatch[]];
    if (parts.length === 1) return first;
    return {
      ...first,
      frames: parts.flatMap(({ frames }) => frames),
      quarantined: parts.flatMap(({ quarantined }) => quarantined),
      gaps: parts.flatMap(({ gaps }) => gaps),
    };
  });
}

/** Names the numbers that a batch belongs to. */
export function streamOf({ organisation, gateway, epoch, lane }: FrameBatch): string {
  return `${organisation}/${gateway}/${epoch}/${lane}`;
}
