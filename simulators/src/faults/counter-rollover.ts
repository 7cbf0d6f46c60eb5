import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, points } from "./fields.ts";

/** Counters have few digits: when they are full they begin again at zero, as often as it takes. */
export const CounterRollover = z.strictObject({
  kind: z.literal("counter-rollover"),
  ...ofDevice,
  points,
  /** The first count that is not shown any more, in the canonical unit: 100 000 kWh are 100000000. */
  full: z.number().positive(),
});

export function counterRollover(fault: z.infer<typeof CounterRollover>): FaultEffect {
  return { alters: { points: fault.points, alter: (value) => value % fault.full } };
}
