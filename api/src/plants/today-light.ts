import type { Place } from "@sunledger/model/performance";
import type { DeviceNow } from "../devices/device-now.ts";
import { expectedMsOf } from "../devices/device-points.ts";
import { daylightBuckets, knownBuckets } from "./daylight.ts";
import { meanOf } from "./figures.ts";
import { type DayColumn, isKnown, type PlantDay } from "./plant-days.ts";
import { irradianceSensors } from "./plant-roles.ts";

/** The light of the day, and how it covers the day up to now. */
export type TodayLight = {
  /** The plant's irradiance in each bucket. */
  readonly irradiance: DayColumn;
  readonly isKnown: readonly boolean[];
  /** The buckets of daylight up to now. */
  readonly lit: readonly number[];
};

/** The light of the day; `undefined` when nothing of it was measured. */
export function todayLight(
  devices: readonly DeviceNow[],
  place: Place,
  today: PlantDay,
): TodayLight | undefined {
  const columns = [...today.irradiance.values()];
  const [first] = columns;
  if (!first) return undefined;
  const irradiance = first.map((_, k) => {
    const known = columns.map((column) => column[k]).filter(isKnown);
    return known.length > 0 ? meanOf(known) : Number.NaN;
  });
  const { point = "", sensors = [] } = irradianceSensors(devices) ?? {};
  const paces = sensors.map((sensor) => expectedMsOf(sensor.points, point));
  const until = Math.max(...devices.map(({ judgedAt }) => judgedAt));
  return {
    irradiance,
    isKnown: knownBuckets(irradiance, Math.max(0, ...paces)),
    lit: daylightBuckets(irradiance, today.day, until, place),
  };
}
