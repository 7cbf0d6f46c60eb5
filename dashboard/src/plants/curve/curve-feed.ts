import type { PlantCurve } from "@sunledger/model";
import type { Span } from "../../kit/plant-time.ts";
import {
  type Column,
  type Columns,
  joinColumns,
  noColumns,
  withBreaks,
} from "../../kit/time-series/columns.ts";
import type { Feed } from "../../kit/time-series/spec.ts";
import type { Live } from "../../live/live.ts";
import type { Ring } from "../../live/ring.ts";

/** The bucketed curve: irradiance and power beside their times. */
export function curveColumns(curve: PlantCurve | undefined): Columns {
  if (!curve) return noColumns;
  const { start, irradiance, powerW } = curve;
  // Buckets of the future say nothing yet.
  const past = (column: Column) => column.findLastIndex((value) => value !== null) + 1;
  const end = Math.max(past(irradiance.avg), past(powerW.avg));
  return {
    at: start.slice(0, end),
    values: [irradiance.avg.slice(0, end), powerW.avg.slice(0, end)],
  };
}

/** The buckets of a curve that lie in a span, and what of its gaps does. */
export function curveWithin(curve: PlantCurve, { from, to }: Span): PlantCurve {
  const { start, powerW, irradiance, coverage, gaps } = curve;
  const first = start.findIndex((at) => at >= from);
  const last = start.findLastIndex((at) => at < to);
  const cut = <T>(column: readonly T[]) => (first < 0 ? [] : column.slice(first, last + 1));
  return {
    ...curve,
    start: cut(start),
    powerW: { avg: cut(powerW.avg), min: cut(powerW.min), max: cut(powerW.max) },
    irradiance: { avg: cut(irradiance.avg) },
    coverage: cut(coverage),
    gaps: gaps.flatMap((gap) => {
      const part = { ...gap, from: Math.max(gap.from, from), to: Math.min(gap.to, to) };
      return part.from < part.to ? [part] : [];
    }),
  };
}

/** What the plant's room has said since the last bucket began: the curve's live end. */
export function liveColumns(
  power: Ring | undefined,
  irradiance: Ring | undefined,
  from: number,
  to: number,
): Columns {
  const cut = (ring: Ring | undefined) => {
    const { at, value } = ring?.since(from) ?? { at: [], value: [] };
    const end = at.findIndex((time) => time >= to);
    return end < 0 ? { at, value } : { at: at.slice(0, end), value: value.slice(0, end) };
  };
  return joinColumns([cut(irradiance), cut(power)]);
}

/** Buckets first, then the live values; a break longer than it may be is left open. */
export function extended(buckets: Columns, live: Columns, everyMs: number): Columns {
  const joined = {
    at: [...buckets.at, ...live.at],
    values: [0, 1].map((index) => [
      ...(buckets.values[index] ?? []),
      ...(live.values[index] ?? []),
    ]),
  };
  return withBreaks(joined, Math.max(2 * everyMs, 60_000));
}

type FeedParts = {
  readonly live: Live;
  readonly room: string;
  readonly curve: PlantCurve | undefined;
  /** Absent when the picture ends before the present. */
  readonly followUntil: number | undefined;
  readonly withIrradiance: boolean;
};

/** The curve of a plant that grows by each message, outside React. */
export function curveFeed({ live, room, curve, followUntil, withIrradiance }: FeedParts): Feed {
  const buckets = curveColumns(curve);
  const everyMs = curve?.everyMs ?? 60_000;
  // The bucket that is still filling gives way to what is known by the second; without any, all does.
  const filling = lastKnown(buckets) ?? Number.NEGATIVE_INFINITY;
  const shown = ({ at, values }: Columns): Columns =>
    withIrradiance ? { at, values } : { at, values: values.slice(1) };
  let read: Columns = buckets;
  let version = -1;

  return {
    read() {
      if (followUntil === undefined || !curve) return shown(buckets);
      if (version !== live.version()) {
        version = live.version();
        const power = live.ring(room, null, "ac.power.active");
        const irradiance = live.ring(room, null, "met.irradiance.poa");
        const newest = liveColumns(power, irradiance, filling, followUntil);
        read = extended(upTo(buckets, newest.at[0]), newest, everyMs);
      }
      return shown(read);
    },
    table: () => ({ columns: tableColumns(curve, withIrradiance), everyMs: lengthOf(curve) }),
    subscribe: (listener) =>
      followUntil === undefined ? () => undefined : live.subscribe(listener),
  };
}

/** The buckets with the least and most power of each behind the curves. */
function tableColumns(curve: PlantCurve | undefined, withIrradiance: boolean): Columns {
  const { at, values } = curveColumns(curve);
  const { min = [], max = [] } = curve?.powerW ?? {};
  const shown = withIrradiance ? values : values.slice(1);
  return { at, values: [...shown, min.slice(0, at.length), max.slice(0, at.length)] };
}

/** From one bucket to the next. */
function lengthOf(curve: PlantCurve | undefined): number | undefined {
  const [first, second] = curve?.start ?? [];
  return first !== undefined && second !== undefined ? second - first : curve?.everyMs;
}

function lastKnown({ at, values }: Columns): number | undefined {
  const index = values[1]?.findLastIndex((value) => value !== null) ?? -1;
  return index < 0 ? undefined : at[index];
}

/** The rows before an instant: buckets of the future are empty and would break the line. */
function upTo(columns: Columns, to: number | undefined): Columns {
  if (to === undefined) return columns;
  const end = columns.at.findIndex((time) => time >= to);
  if (end < 0) return columns;
  return {
    at: columns.at.slice(0, end),
    values: columns.values.map((column) => column.slice(0, end)),
  };
}
