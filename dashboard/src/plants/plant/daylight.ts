import { type Place, sunPosition } from "@sunledger/model/performance";
import { hourTicks, type Span } from "../../kit/plant-time.ts";

const minute = 60_000;
const hour = 60 * minute;

/**
 * The part of a local day that is worth a picture: from an hour before sunrise to an hour after
 * sunset in whole local hours, and up to the present where that lies outside. A day without sunrise
 * or sunset is shown whole.
 */
export function daylight(day: Span, place: Place, zone: string, now: number): Span {
  let rise: number | undefined;
  let set: number | undefined;
  for (let at = day.from; at < day.to; at += 10 * minute) {
    if (sunPosition(at, place).zenith > 90) continue;
    rise ??= at;
    set = at;
  }
  if (rise === undefined || set === undefined) return day;
  const here = now >= day.from && now < day.to ? now : rise;
  const hours = hourTicks(zone, day.from, day.to, 1);
  const first = Math.min(rise - hour, here);
  const last = Math.max(set + hour, here + minute);
  return {
    from: hours.findLast((at) => at <= first) ?? day.from,
    to: hours.find((at) => at >= last) ?? day.to,
  };
}
