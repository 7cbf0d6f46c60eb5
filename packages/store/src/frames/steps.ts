import { localDay } from "@sunledger/model/performance";

/**
 * How a range is cut into buckets: every so many milliseconds from its start, or between the neighbours
 * of a list of ascending instants. What lies before the first or from the last of them on is in none.
 */
export type Steps = { readonly everyMs: number } | { readonly edges: readonly number[] };

type Window = { readonly from: number; readonly to: number };

/** The days of a time zone that hold any of the window: their starts, and the end of the last. */
export function dayEdges({ from, to }: Window, timeZone: string): readonly number[] {
  const edges = [localDay(from, timeZone).start];
  while ((edges.at(-1) as number) < to) edges.push(localDay(edges.at(-1) as number, timeZone).end);
  return edges;
}

/** The window in as many parts as a chart has pixels, each a whole number of milliseconds wide. */
export function pixelEdges({ from, to }: Window, pixels: number): readonly number[] {
  const edges = Array.from({ length: pixels + 1 }, (_, pixel) => {
    return from + Math.round((pixel * (to - from)) / pixels);
  });
  return [...new Set(edges)];
}

/** The part of the window that its buckets cover. */
export function coveredBy<T extends Window & Steps>(range: T): Window {
  if (!("edges" in range)) return range;
  const { from, to, edges } = range;
  return { from: Math.max(from, edges[0] ?? to), to: Math.min(to, edges.at(-1) ?? from) };
}

/** Which bucket an instant of the covered part falls into, from 0. */
export function bucketAt(range: Window & Steps, at: number): number {
  if (!("edges" in range)) return Math.floor((at - range.from) / range.everyMs);
  const { edges } = range;
  let [low, high] = [0, edges.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** Where a bucket begins. */
export function bucketStart(range: Window & Steps, bucket: number): number {
  return "edges" in range ? (range.edges[bucket] as number) : range.from + bucket * range.everyMs;
}
