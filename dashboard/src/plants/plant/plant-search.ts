import { type Period, periodOf } from "../../kit/period.ts";
import { zoomOf } from "../../kit/zoom.ts";

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
