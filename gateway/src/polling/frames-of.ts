import { type Flag, type Lane, mostLayoutPoints, type Value } from "@sunledger/model";
import type { Polled } from "./polled.ts";
import type { PolledPoint } from "./polled-point.ts";
import type { Resolved } from "./resolve-values.ts";

/** One value after the other: a frame in the making. */
type Row = { points: string[]; values: Value[]; quality: Record<number, Flag> | undefined };

/**
 * What one round gave, a frame for each lane that has a point in it; several where a layout could
 * not name all of its points.
 */
export function framesOf(
  device: string,
  at: number,
  resolved: ReadonlyMap<PolledPoint, Resolved>,
): Polled[] {
  const rows: Record<Lane, Row[]> = { counters: [], values: [] };
  // Once through, without an entry made for each of them: a fleet has ten thousands a second.
  resolved.forEach((result, { name, lane }) => {
    if (lane === "text" || "text" in result) return;
    const row = rowFor(rows[lane]);
    if (result.flag) {
      row.quality ??= {};
      row.quality[row.points.length] = result.flag;
    }
    row.points.push(name);
    row.values.push(result.value);
  });
  return (["counters", "values"] as const).flatMap((lane) =>
    rows[lane].map(({ points, values, quality }) => {
      const frame = { device, lane, at, points, values };
      return quality ? { ...frame, quality } : frame;
    }),
  );
}

function rowFor(rows: Row[]): Row {
  const last = rows.at(-1);
  if (last && last.points.length < mostLayoutPoints) return last;
  const row: Row = { points: [], values: [], quality: undefined };
  rows.push(row);
  return row;
}
