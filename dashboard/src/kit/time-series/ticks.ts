import { dayTicks, hourTicks } from "../plant-time.ts";

const hour = 3_600_000;
const minute = 60_000;
const labelWidth = 64;

export type Ticks = { readonly at: number[]; readonly days: boolean };

/** Round local times between the bounds, as many as their labels have room for. */
export function timeTicks(zone: string, from: number, to: number, width: number): Ticks {
  const most = Math.max(2, Math.floor(width / labelWidth));
  const span = to - from;
  const minutes = [1, 2, 5, 10, 15, 30].find((step) => span / (step * minute) <= most);
  if (minutes !== undefined && span < 8 * hour) {
    const step = minutes * minute;
    const at: number[] = [];
    for (let each = Math.ceil(from / step) * step; each <= to; each += step) at.push(each);
    return { at, days: false };
  }
  const hours = [1, 2, 3, 4, 6, 12].find((step) => span / (step * hour) <= most);
  if (hours !== undefined && span <= 72 * hour) {
    return { at: hourTicks(zone, from, to, hours), days: false };
  }
  const days = Math.max(1, Math.ceil(span / (24 * hour) / most));
  return { at: dayTicks(zone, from, to, days), days: true };
}
