import { type Period, periodOf } from "../kit/period.ts";
import { zoomOf } from "../plants/plant/plant-search.ts";

/** What the address of a device says. */
export type DeviceSearch = {
  readonly period?: Period;
  readonly from?: number;
  readonly to?: number;
  /** The points of the history chart. */
  readonly points?: readonly string[];
  /** What the registers are searched for. */
  readonly find?: string;
  /** Whether the engineer's columns are shown. */
  readonly engineer?: boolean;
};

/** More curves in one picture cannot be told apart. */
export const mostPoints = 6;

export function deviceSearch(search: Record<string, unknown>): DeviceSearch {
  const { points, find, engineer } = search;
  const period = periodOf(search.period);
  const chosen = Array.isArray(points)
    ? points.filter((point) => typeof point === "string").slice(0, mostPoints)
    : undefined;
  return {
    ...(period && period !== "today" ? { period } : {}),
    ...zoomOf(search),
    ...(chosen ? { points: chosen } : {}),
    ...(typeof find === "string" && find !== "" ? { find } : {}),
    ...(engineer === true ? { engineer } : {}),
  };
}
