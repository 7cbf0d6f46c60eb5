import type { Flag, Layout, Value } from "@sunledger/model";
import type {
  Bucket,
  Covered,
  FrameStore,
  PointRange,
  PointValue,
  StoredFrame,
} from "./frame-store.ts";
import { spansOf } from "./spans.ts";
import { bucketAt, bucketStart, coveredBy, type Steps } from "./steps.ts";
import { exactValue } from "./values.ts";

/** Frames at hand, and the layouts that name their points. */
export type KeptFrames = {
  readonly frames: Iterable<StoredFrame>;
  readonly layouts: ReadonlyMap<string, Layout>;
};

/** Every value of a frame with its point. */
export function* pointValues(
  { device, at, values, quality }: StoredFrame,
  points: readonly string[],
): Generator<PointValue> {
  for (const [i, point] of points.entries()) {
    yield pointValue(device, point, at, exactValue(values[i] ?? null), quality?.[i]);
  }
}

export function pointValue(
  device: string,
  point: string,
  at: number,
  value: Value,
  flag: Flag | undefined,
): PointValue {
  return flag ? { device, point, at, value, flag } : { device, point, at, value };
}

/** The range's values, ordered by device, point and time. */
export function valuesOf(kept: KeptFrames, range: PointRange): readonly PointValue[] {
  const points = new Set(range.points);
  return valuesWhere(kept, range.devices, (at) => at >= range.from && at < range.to)
    .filter(({ point }) => points.has(point))
    .sort((a, b) => compare(a.device, b.device) || compare(a.point, b.point) || a.at - b.at);
}

export function bucketsOf(kept: KeptFrames, range: PointRange & Steps): readonly Bucket[] {
  const good = valuesOf(kept, { ...range, ...coveredBy(range) }).filter(isGood);
  const slot = ({ at }: PointValue) => bucketAt(range, at);
  const groups = Map.groupBy(good, (v) => JSON.stringify([v.device, v.point, slot(v)]));
  return [...groups.values()].map((values) => {
    const numbers = values.map(({ value }) => Number(value));
    const { device, point } = values[0] as PointValue;
    return {
      device,
      point,
      start: bucketStart(range, slot(values[0] as PointValue)),
      min: Math.min(...numbers),
      max: Math.max(...numbers),
      avg: numbers.reduce((sum, value) => sum + value, 0) / numbers.length,
      first: numbers[0] as number,
      last: numbers.at(-1) as number,
      firstAt: values[0]?.at as number,
      lastAt: values.at(-1)?.at as number,
      count: numbers.length,
    };
  });
}

export function coverageOf(
  kept: KeptFrames,
  range: PointRange & { readonly maxGapMs: number },
): readonly Covered[] {
  const good = valuesOf(kept, range).filter(isGood);
  const groups = Map.groupBy(good, ({ device, point }) => JSON.stringify([device, point]));
  return [...groups.values()].flatMap((values) => {
    const { device, point } = values[0] as PointValue;
    const times = values.map(({ at }) => at);
    return spansOf(times, range.maxGapMs).map((span) => ({ device, point, ...span }));
  });
}

export function latestOf(
  kept: KeptFrames,
  { devices, now, lookBackMs = Number.POSITIVE_INFINITY }: Parameters<FrameStore["latest"]>[0],
): readonly PointValue[] {
  return newest(valuesWhere(kept, devices, (at) => at <= now && at >= now - lookBackMs));
}

export function valueAtOf(
  kept: KeptFrames,
  { devices, point, at: instant, lookBackMs }: Parameters<FrameStore["valueAt"]>[0],
): readonly PointValue[] {
  const inTime = (at: number) => at <= instant && at >= instant - lookBackMs;
  const candidates = valuesWhere(kept, devices, inTime);
  return newest(candidates.filter((value) => value.point === point && isGood(value)));
}

/** The newest value of each device and point, ordered by device and point. */
export function newest(values: Iterable<PointValue>): readonly PointValue[] {
  const found = new Map<string, PointValue>();
  for (const value of values) {
    const name = JSON.stringify([value.device, value.point]);
    const other = found.get(name);
    if (!other || value.at > other.at) found.set(name, value);
  }
  return [...found.values()].sort(
    (a, b) => compare(a.device, b.device) || compare(a.point, b.point),
  );
}

function valuesWhere(
  { frames, layouts }: KeptFrames,
  devices: readonly string[],
  inTime: (at: number) => boolean,
): PointValue[] {
  const wanted = new Set(devices);
  return [...frames]
    .filter(({ device, at }) => wanted.has(device) && inTime(at))
    .flatMap((frame) => [...pointValues(frame, layouts.get(frame.layout)?.points ?? [])]);
}

function isGood({ value, flag }: PointValue): boolean {
  return value !== null && flag === undefined;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
