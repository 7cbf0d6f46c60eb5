import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice } from "./fields.ts";

/** The counters of a device begin again at zero: its memory is lost. */
export const CounterReset = z.strictObject({ kind: z.literal("counter-reset"), ...ofDevice });

export function counterReset(): FaultEffect {
  return { countersFrom: 0 };
}
