import type { ActiveFault } from "../plant/active-faults.ts";
import type { Swaps } from "../registers/image.ts";
import type { DeviceValues } from "./values.ts";

/**
 * What a device shows of what it should: a sensor that drifts, a clock that is wrong, values that are altered on
 * their way.
 */
export function misledValues(values: DeviceValues, faults: readonly ActiveFault[]): DeviceValues {
  return faults.reduce(
    (before, { effect }) =>
      altered(misdated(drifted(before, effect.shown), effect.clockAheadMs), effect.alters),
    values,
  );
}

/** How much a device's clock is ahead, milliseconds. */
export function clockAheadMs(faults: readonly ActiveFault[]): number {
  return faults.reduce((sum, { effect }) => sum + (effect.clockAheadMs ?? 0), 0);
}

/** The points whose numbers stand the wrong way round. */
export function swapsOf(faults: readonly ActiveFault[]): Swaps {
  return new Map(
    faults.flatMap(({ effect: { swaps } }) =>
      (swaps?.points ?? []).map((point) => [point, swaps?.order ?? "bytes"] as const),
    ),
  );
}

const clock = "state.clock";
const second = 1_000;

function misdated(values: DeviceValues, aheadMs = 0): DeviceValues {
  const shown = values[clock];
  if (aheadMs === 0 || typeof shown !== "number") return values;
  return { ...values, [clock]: shown + Math.round(aheadMs / second) };
}

function drifted(values: DeviceValues, shown = 1): DeviceValues {
  if (shown === 1) return values;
  const light = Object.entries(values).filter(([point]) => point.startsWith("met.irradiance"));
  return {
    ...values,
    ...Object.fromEntries(light.map(([point, value]) => [point, Number(value) * shown])),
  };
}

function altered(values: DeviceValues, alters: ActiveFault["effect"]["alters"]): DeviceValues {
  if (!alters) return values;
  const after: Record<string, number | string> = { ...values };
  for (const point of alters.points) {
    const value = after[point];
    if (typeof value !== "number") continue;
    const other = alters.alter(value, point);
    // What is absent stands in the registers as the device's mark for none.
    if (other === undefined) delete after[point];
    else after[point] = other;
  }
  return after;
}
