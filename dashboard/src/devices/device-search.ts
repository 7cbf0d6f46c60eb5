import { type Period, periodOf } from "../kit/period.ts";
import { type SortSearch, sortSearch } from "../kit/sort-search.ts";
import { zoomOf } from "../kit/zoom.ts";

/** What the address of a device says. */
export type DeviceSearch = SortSearch & {
  readonly period?: Period | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** The points of the history chart. */
  readonly points?: readonly string[] | undefined;
  /** What the registers are searched for. */
  readonly find?: string | undefined;
  /** Whether the engineer's columns are shown. */
  readonly engineer?: boolean | undefined;
};

/** More curves in one picture cannot be told apart. */
export const mostPoints = 6;

/** Says every key: the router keeps what the address gave for one that is left out. */
export function deviceSearch(search: Record<string, unknown>): DeviceSearch {
  const { points, find, engineer } = search;
  const period = periodOf(search.period);
  const chosen = Array.isArray(points)
    ? [...new Set(points.filter((point) => typeof point === "string"))].slice(0, mostPoints)
    : undefined;
  return {
    period: period === "today" ? undefined : period,
    ...zoomOf(search),
    points: chosen,
    find: typeof find === "string" && find !== "" ? find : undefined,
    engineer: engineer === true ? engineer : undefined,
    ...sortSearch(search),
  };
}
