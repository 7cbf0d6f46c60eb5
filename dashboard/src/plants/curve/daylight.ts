import type { PlantCurve } from "@sunledger/model";
import { type Place, sunPosition } from "@sunledger/model/performance";
import { hourTicks, type Span } from "../../kit/plant-time.ts";

const minute = 60_000;
const hour = 60 * minute;

/**
 * The part of a local day that is worth a picture: from an hour before sunrise to an hour after
 * sunset in whole local hours, and up to the present and over all that was `measured` where that lies
 * outside. A day without sunrise or sunset is shown whole.
 */
export function daylight(
  day: Span,
  place: Place,
  zone: string,
  now: number,
  measured?: Span,
): Span {
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
  const first = Math.min(rise - hour, here, measured?.from ?? here);
  const last = Math.max(set + hour, here + minute, measured?.to ?? here);
  return {
    from: hours.findLast((at) => at <= first) ?? day.from,
    to: hours.find((at) => at >= last) ?? day.to,
  };
}

/** Watts of a plant's rating that its inverters may seem to give in the dark. */
const nightShare = 0.001;

/**
 * From the first to the last bucket of a day in which more than nothing was generated: consumption
 * of the night and noise around zero, up to a thousandth of the rating, are nothing. `undefined` when
 * there is none.
 */
export function generatedIn(
  { start, powerW, everyMs }: Pick<PlantCurve, "start" | "powerW" | "everyMs">,
  acPowerW: number,
  day: Span,
): Span | undefined {
  const isGenerating = (watts: number | null, index: number) => {
    const at = start[index] ?? day.to;
    return at >= day.from && at < day.to && (watts ?? 0) > acPowerW * nightShare;
  };
  const first = powerW.max.findIndex(isGenerating);
  const last = powerW.max.findLastIndex(isGenerating);
  const from = start[first];
  if (from === undefined) return undefined;
  const end = start[last] ?? from;
  // Nothing may stand behind the last bucket: it is as long as the one before.
  const length = end - (start[last - 1] ?? end - everyMs);
  return { from, to: Math.min(end + length, day.to) };
}
