import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice } from "./fields.ts";

/** A fan has stopped or a filter is full: the inverter gets warmer and gives less from 45 °C on. */
export const Overtemperature = z.strictObject({
  kind: z.literal("overtemperature"),
  ...ofDevice,
  /** °C */
  warmer: z.number().positive().max(80).default(35),
});

export function overtemperature({ warmer }: z.infer<typeof Overtemperature>): FaultEffect {
  return { heat: warmer, trouble: "over-temperature" };
}
