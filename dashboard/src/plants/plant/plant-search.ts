import { type Period, periodOf } from "../../kit/period.ts";

/** What the address of a plant says. */
export type PlantSearch = {
  readonly period?: Period | undefined;
  /** A part of the period, Unix milliseconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
};

/** Says every key: the router keeps what the address gave for one that is left out. */
export function plantSearch(search: Record<string, unknown>): PlantSearch {
  const period = periodOf(search.period);
  return { period: period === "today" ? undefined : period, ...zoomOf(search) };
}

/** The part of a period that is zoomed into, if the address names one. */
export function zoomOf(search: Record<string, unknown>): {
  from: number | undefined;
  to: number | undefined;
} {
  const { from, to } = search;
  return isTime(from) && isTime(to) && from < to
    ? { from, to }
    : { from: undefined, to: undefined };
}

/** What a calendar can still name. */
function isTime(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= 8.64e15;
}
