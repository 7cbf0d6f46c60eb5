import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevice, off } from "./fields.ts";

const day = 86_400_000;

/** A weather station shows more, or less, of the light from day to day. */
export const SensorDrift = z.strictObject({
  kind: z.literal("sensor-drift"),
  ...ofDevice,
  /** Negative where it shows less. */
  perDay: off.min(-0.1).max(0.1).default(-0.005),
});

export function sensorDrift(fault: z.infer<typeof SensorDrift>, { at }: FaultMoment): FaultEffect {
  const days = Math.max(0, at - fault.start) / day;
  return { shown: Math.max(0, 1 + fault.perDay * days) };
}
