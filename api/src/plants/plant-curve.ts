import type { CurveGap, PlantCurve } from "@sunledger/model";
import type { Bucket } from "@sunledger/store";
import type { Window } from "../frames/bucket-size.ts";
import { gapsOf, inOrder } from "../frames/gaps.ts";
import { isTooLittle, meanOf, sumOf } from "./figures.ts";
import { plantGaps } from "./plant-gaps.ts";

export type CurveParts = {
  readonly everyMs: number;
  readonly power: readonly Bucket[];
  /** In which gaps are looked for, cut at the present: the future is no gap. */
  readonly window: Window;
  /** The power in the buckets in which they are looked for. */
  readonly heard: readonly Bucket[];
  readonly irradiance: readonly Bucket[];
  /** The inverters, by their ids, and how often each is asked for its power. */
  readonly inverters: readonly { readonly id: string; readonly expectedMs: number }[];
  /** Why at this moment none of the inverters reports, where all have the same reason. */
  readonly silence: "gatewayOffline" | "asleep" | undefined;
};

type Row = {
  readonly start: number;
  readonly power: { readonly avg: number; readonly min: number; readonly max: number } | null;
  readonly irradiance: number | null;
  readonly coverage: number;
};

/**
 * The plant's curve from its devices' buckets. Buckets without any value are left out; a gap is
 * marked by an empty one within it, so that no line is drawn across.
 */
export function plantCurve(parts: CurveParts): PlantCurve {
  const { everyMs } = parts;
  const filled = rowsOf(parts);
  const gaps = gapsIn(parts);
  const breaks = gaps
    // A bucket that is mostly full does stand for its time.
    .filter(({ from, to }) => to - from >= everyMs / 2)
    .flatMap((gap) => breaksIn(gap, filled))
    .map((start): Row => ({ start, power: null, irradiance: null, coverage: 0 }));
  const rows = [...filled, ...breaks].sort((a, b) => a.start - b.start);

  return {
    everyMs,
    start: rows.map(({ start }) => start),
    powerW: {
      avg: rows.map(({ power }) => power?.avg ?? null),
      min: rows.map(({ power }) => power?.min ?? null),
      max: rows.map(({ power }) => power?.max ?? null),
    },
    irradiance: { avg: rows.map(({ irradiance }) => irradiance) },
    coverage: rows.map(({ coverage }) => coverage),
    gaps,
  };
}

function rowsOf({ power, irradiance, inverters }: CurveParts): Row[] {
  const total = inverters.length;
  const powers = Map.groupBy(power, ({ start }) => start);
  const lights = Map.groupBy(irradiance, ({ start }) => start);
  const starts = new Set([...powers.keys(), ...lights.keys()]);
  return [...starts]
    .sort((a, b) => a - b)
    .map((start) => {
      const reporting = powers.get(start) ?? [];
      const light = lights.get(start);
      return {
        start,
        power: powerOf(reporting, total),
        irradiance: light ? meanOf(light.map(({ avg }) => avg)) : null,
        coverage: total === 0 ? 0 : reporting.length / total,
      };
    });
}

function powerOf(reporting: readonly Bucket[], total: number): Row["power"] {
  if (reporting.length === 0 || isTooLittle({ reporting: reporting.length, total })) return null;
  return {
    avg: sumOf(reporting.map(({ avg }) => avg)),
    min: sumOf(reporting.map(({ min }) => min)),
    max: sumOf(reporting.map(({ max }) => max)),
  };
}

/** What the curve misses: it and each inverter's history tell the same gaps. */
function gapsIn({ heard, inverters, window, silence }: CurveParts): CurveGap[] {
  const byInverter = Map.groupBy(heard, ({ device }) => device);
  const ofInverters = inverters.map(({ id, expectedMs }) =>
    gapsOf({ filled: inOrder(byInverter.get(id) ?? []), expectedMs, window }),
  );
  const least = Math.max(0, ...inverters.map(({ expectedMs }) => expectedMs));
  return plantGaps(ofInverters, least).map(({ from, to, partial }): CurveGap => {
    if (partial) return { from, to, reason: "lowCoverage" };
    const isOpen = to === window.to;
    return { from, to, reason: (isOpen ? silence : undefined) ?? "noData" };
  });
}

/**
 * Places at which nothing is known: one between any two rows with power that the gap lies between,
 * and one behind the last row, so that no line is drawn across.
 */
function breaksIn({ from, to }: CurveGap, rows: readonly Row[]): number[] {
  return rows.flatMap((row, i) => {
    const next = rows[i + 1];
    const concerned = row.start < to && (next === undefined || next.start > from);
    if (!concerned || !row.power || next?.power === null) return [];
    return Math.max(from, row.start + 1);
  });
}
