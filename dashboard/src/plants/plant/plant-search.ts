import { type Period, periodOf } from "../../kit/period.ts";

/** What the address of a plant says. */
export type PlantSearch = {
  readonly period?: Period;
  /** A part of the period, Unix milliseconds. */
  readonly from?: number;
  readonly to?: number;
};

export function plantSearch(search: Record<string, unknown>): PlantSearch {
  const period = periodOf(search.period);
  return { ...(period && period !== "today" ? { period } : {}), ...zoomOf(search) };
}

/** The part of a period that is zoomed into, if the address names one. */
export function zoomOf(search: Record<string, unknown>): { from?: number; to?: number } {
  const { from, to } = search;
  if (typeof from !== "number" || typeof to !== "number" || !(from < to)) return {};
  return { from, to };
}
