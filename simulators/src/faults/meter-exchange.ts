import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice } from "./fields.ts";

/** Another meter takes a meter's place: its counters begin elsewhere. */
export const MeterExchange = z.strictObject({
  kind: z.literal("meter-exchange"),
  ...ofDevice,
  /** What every counter of the new one shows, watt-hours. */
  countersFrom: z.number().nonnegative().default(0),
});

export function meterExchange({ countersFrom }: z.infer<typeof MeterExchange>): FaultEffect {
  return { countersFrom };
}
