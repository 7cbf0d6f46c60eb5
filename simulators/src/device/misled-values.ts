import type { ActiveFault } from "../plant/active-faults.ts";
import type { DeviceValues } from "./values.ts";

/** What a device shows of what it should: a sensor that drifts shows its own share of the light. */
export function misledValues(values: DeviceValues, faults: readonly ActiveFault[]): DeviceValues {
  const shown = faults.reduce((left, { effect }) => left * (effect.shown ?? 1), 1);
  if (shown === 1) return values;
  return Object.fromEntries(
    Object.entries(values).map(([point, value]) =>
      point.startsWith("met.irradiance") ? [point, Number(value) * shown] : [point, value],
    ),
  );
}
