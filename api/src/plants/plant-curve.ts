import type { CurveGap, PlantCurve } from "@sunledger/model";
import type { Bucket } from "@sunledger/store";
import type { Window } from "../frames/bucket-size.ts";
import { gapsOf } from "../frames/gaps.ts";
import { isTooLittle, meanOf, sumOf } from "./figures.ts";

export type CurveParts = {
  readonly everyMs: number;
  /** What was asked for, cut at the present: the future is no gap. */
  readonly window: Window;
  readonly power: readonly Bucket[];
  readonly irradiance: readonly Bucket[];
  readonly inverters: number;
  /** How often the inverters are asked for their power. */
  readonly expectedMs: number;
  /** Whether at this moment no gateway of the inverters is online. */
  readonly gatewayOffline: boolean;
};

type Row = {
  readonly start: number;
  readonly power: { readonly avg: number; readonly min: number; readonly max: number } | null;
  readonly irradiance: number | null;
  readonly coverage: number;
};

/**
 * The plant's curve from its devices' buckets. Buckets without any value are left out; a gap is
 * marked by one empty bucket at its beginning, so that no line is drawn across.
 */
export function plantCurve(parts: CurveParts): PlantCurve {
  const { everyMs } = parts;
  const filled = rowsOf(parts);
  const gaps = gapsIn(filled, parts);
  const breaks = gaps
    .filter(({ reason }) => reason !== "lowCoverage")
    .map(({ from }): Row => ({ start: from, power: null, irradiance: null, coverage: 0 }))
    .filter(({ start }) => !filled.some((row) => row.start === start));
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
        power: powerOf(reporting, inverters),
        irradiance: light ? meanOf(light.map(({ avg }) => avg)) : null,
        coverage: inverters === 0 ? 0 : reporting.length / inverters,
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

function gapsIn(rows: readonly Row[], parts: CurveParts): CurveGap[] {
  if (parts.inverters === 0) return [];
  const { everyMs, expectedMs, window } = parts;
  const search = { everyMs, expectedMs, window };
  const starts = (of: readonly Row[]) => of.map(({ start }) => start);

  const silent = gapsOf({ ...search, filled: starts(rows.filter(hasPower)) });
  return silent.map((gap): CurveGap => {
    const partial = rows.some(
      ({ start, coverage }) => coverage > 0 && start >= gap.from && start < gap.to,
    );
    if (partial) return { ...gap, reason: "lowCoverage" };
    const open = gap.to === window.to && parts.gatewayOffline;
    return { ...gap, reason: open ? "gatewayOffline" : "noData" };
  });
}

function hasPower({ power }: Row): boolean {
  return power !== null;
}
