import { earliestInstant } from "@sunledger/model";
import { decimalIn } from "@sunledger/model/decimal";
import type { ReplayMap } from "./replay-map.ts";
import type { Complain, TableRow } from "./table.ts";
import { instantOf } from "./wall-time.ts";

/** When a row was measured and when it reached the server, Unix milliseconds. */
export type RowTimes = { readonly at: number; readonly arrival: number };

/** Up to when a row may have been measured that arrived at an instant, Unix milliseconds. */
export type Horizon = (arrival: number) => number;

/** Reads the times of rows; each device has its own order, by which an hour that comes twice is told. */
export function rowTimes(
  map: ReplayMap,
  complain: Complain,
  horizon: Horizon,
): (row: TableRow, device: string) => RowTimes | undefined {
  const { column, zone, daylightSaving, secondsSince } = map.time;
  const newest = new Map<string, number>();

  const written = (row: TableRow, from: string, before?: number): number | undefined => {
    const text = row.cells.get(from) ?? "";
    const time = instantOf(text, { zone, daylightSaving }, before);
    if (time.ok) return time.at;
    complain(row.line, `column ${from}: ${time.reason}`);
    return undefined;
  };

  const counted = (row: TableRow, since: string): number | undefined => {
    const text = row.cells.get(column) ?? "";
    const seconds = decimalIn(text.trim()) === undefined ? Number.NaN : Number(text);
    if (Number.isFinite(seconds)) return Date.parse(since) + Math.round(seconds * 1000);
    complain(row.line, `column ${column}: ${JSON.stringify(text)} are no seconds`);
    return undefined;
  };

  /** What ingest would refuse is told here, by its place. */
  const isInTime = (row: TableRow, at: number, arrival: number): boolean => {
    if (at >= earliestInstant && at <= horizon(arrival)) return true;
    const why = at < earliestInstant ? "is before 1990" : "is more than 10 minutes in the future";
    complain(
      row.line,
      `column ${column}: the time ${JSON.stringify(row.cells.get(column))} ${why}`,
    );
    return false;
  };

  return (row, device) => {
    const at = secondsSince ? counted(row, secondsSince) : written(row, column, newest.get(device));
    if (at === undefined) return undefined;
    // A row whose arrival cannot be read is still a row: it arrives when it was measured.
    const arrival = map.arrival ? (written(row, map.arrival) ?? at) : at;
    if (!isInTime(row, at, arrival)) return undefined;
    newest.set(device, Math.max(at, newest.get(device) ?? at));
    return { at, arrival };
  };
}
