import { type Figure, freshnessOf, type LatestValue, type Value } from "@sunledger/model";
import { decimalOfText, decimalText, minus, plus } from "@sunledger/model/decimal";
import { isDarkThroughout, type Place } from "@sunledger/model/performance";
import { type CounterBreak, carriedOver, isWholeOver } from "../devices/counter-breaks.ts";
import { type DeviceNow, isAsleep } from "../devices/device-now.ts";
import { expectedMsOf } from "../devices/device-points.ts";
import { figureOf, type Part, sumOf } from "./figures.ts";
import type { PlantDay } from "./plant-days.ts";
import { generationPoint } from "./plant-roles.ts";

/**
 * The rise of the counters since midnight. Where midnight's value is not known, what they have risen
 * since the first of the day: the least that was generated, and in doubt; so is what has not been told since.
 * Over an exchange of the device, or a reset of its counter, the parts before and after are added.
 */
export function energyToday(
  inverters: readonly DeviceNow[],
  place: Place,
  today: PlantDay,
): Figure {
  const { day, bases, breaks } = today;
  const parts = inverters.flatMap((inverter): Part[] => {
    const newest = inverter.values.get(generationPoint(inverter) ?? "");
    const asleep = isAsleep(inverter);
    if (asleep && newest && newest.at < day.start) {
      const partOfDay = !hasSleptSince(day.start, inverter, place);
      return [{ value: 0, at: inverter.judgedAt, asleep, partOfDay }];
    }
    const base = bases.get(inverter.device.id);
    if (!base || !newest || newest.flag || newest.at < day.start) return [];
    const between = (breaks.get(inverter.device.id) ?? []).filter(
      ({ at }) => at > base.at && at <= newest.at,
    );
    const value = riseOf(base.value, newest.value, between);
    if (value === undefined) return [];
    const isKnown = base.isMidnights && between.every(isWholeOver);
    const partOfDay = !isKnown || isMissed(inverter, newest, place);
    return [{ value, at: newest.at, asleep, partOfDay }];
  });
  return figureOf(parts, inverters.length, sumOf);
}

/** Whether the device may have generated more since its newest value: that is not current, nor was it when it fell asleep. */
function isMissed(inverter: DeviceNow, { point, at }: LatestValue, place: Place): boolean {
  const { state, judgedAt, reach } = inverter;
  if (state === "imported") return false;
  const until = state === "asleep" ? Math.min(reach.since ?? judgedAt, judgedAt) : judgedAt;
  const isOld = freshnessOf(at, expectedMsOf(inverter.points, point), until) === "stale";
  return isOld && !isDarkThroughout(at, until, place);
}

/** Whether all that a sleeper has generated was generated before: it fell asleep by then, or it was dark since. */
function hasSleptSince(at: number, { reach, judgedAt }: DeviceNow, place: Place): boolean {
  const { since } = reach;
  return (since !== null && since <= at) || isDarkThroughout(at, judgedAt, place);
}

/** What a counter has risen, digit by digit. A fall that no break explains is another counter. */
function riseOf(before: Value, after: Value, breaks: readonly CounterBreak[]): number | undefined {
  if (before === null || after === null) return undefined;
  const shown = minus(decimalOfText(String(after)), decimalOfText(String(before)));
  const rise = Number(decimalText(plus(shown, carriedOver(breaks))));
  return rise >= 0 ? rise : undefined;
}
