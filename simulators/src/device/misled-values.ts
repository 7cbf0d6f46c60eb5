import type { ActiveFault } from "../plant/active-faults.ts";
import type { DeviceValues } from "./values.ts";

/** What a device shows of what it should: a sensor that drifts, values that are altered on their way. */
export function misledValues(values: DeviceValues, faults: readonly ActiveFault[]): DeviceValues {
  return faults.reduce(
    (before, { effect }) => altered(drifted(before, effect.shown), effect.alters),
    values,
  );
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
