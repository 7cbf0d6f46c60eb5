import type { DeviceNow } from "../devices/device-now.ts";
import { isTooLittle, meanOf, sumOf } from "./figures.ts";
import { dayBucketMs, isKnown, type PlantDay } from "./plant-days.ts";

const sparkMs = 30 * 60_000;

/** The plant's mean power in each half-hour of its day; `null` where too few reported, and ahead. */
export function powerSpark(
  inverters: readonly DeviceNow[],
  { day, power }: PlantDay,
): (number | null)[] {
  const columns = inverters.flatMap(({ device }) => power.get(device.id) ?? []);
  const perSpark = sparkMs / dayBucketMs;
  const length = Math.ceil((day.end - day.start) / sparkMs);
  return Array.from({ length }, (_, i) => {
    const means = columns.flatMap((column) => {
      const known = [...column.subarray(i * perSpark, (i + 1) * perSpark)].filter(isKnown);
      return known.length > 0 ? [meanOf(known)] : [];
    });
    const coverage = { reporting: means.length, total: inverters.length };
    return means.length === 0 || isTooLittle(coverage) ? null : sumOf(means);
  });
}
