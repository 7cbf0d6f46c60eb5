import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevice, off } from "./fields.ts";

const day = 86_400_000;
const second = 1_000;

/** A device's clock goes too fast, or too slow. */
export const ClockDrift = z.strictObject({
  kind: z.literal("clock-drift"),
  ...ofDevice,
  /** How much it gains; negative where it loses. */
  secondsPerDay: off.min(-3_600).max(3_600).default(4),
});

export function clockDrift(fault: z.infer<typeof ClockDrift>, { at }: FaultMoment): FaultEffect {
  const days = Math.max(0, at - fault.start) / day;
  return { clockAheadMs: fault.secondsPerDay * days * second };
}
