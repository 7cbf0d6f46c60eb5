import { localDate, localDay, localDayOf } from "./plant-time.ts";

/** `today`, `7d`, or one local day as an ISO date. Relative stays relative in an address. */
export type Period = "today" | "7d" | `${number}-${number}-${number}`;

/** Before it no instant is counted. */
const firstDay = "1970-01-02";

export function periodOf(text: unknown): Period | undefined {
  if (text === "7d" || text === "today") return text;
  return typeof text === "string" && localDayOf("UTC", text) && text >= firstDay
    ? (text as Period)
    : undefined;
}

/** Whether it is a day that has not begun there: nothing can be known of it. */
export function isToCome(period: Period, zone: string, now: number): boolean {
  return period !== "today" && period !== "7d" && period > localDate(zone, now);
}

export type Bounds = { readonly from: number; readonly to: number };

/** The instants of a period in plant time: whole local days. */
export function boundsOf(period: Period, zone: string, now: number): Bounds {
  const today = localDay(zone, now);
  if (period === "today") return today;
  if (period !== "7d") return localDayOf(zone, period) ?? today;
  // Noon six days ago lies in the right day, whatever the clock did in between.
  const noon = today.from + 12 * 3_600_000;
  return { from: localDay(zone, noon - 6 * 24 * 3_600_000).from, to: today.to };
}

/** Whether the period reaches into the present: then it is drawn on as it passes. */
export function isOpen({ from, to }: Bounds, now: number): boolean {
  return from <= now && now < to;
}
