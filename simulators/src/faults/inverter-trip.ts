import * as z from "zod";
import { type FaultEffect, troubles } from "./effect.ts";
import { ofDevice } from "./fields.ts";

/** An inverter stops and says why: `device-fault` unless told otherwise. */
export const InverterTrip = z.strictObject({
  kind: z.literal("inverter-trip"),
  ...ofDevice,
  reason: z.enum(troubles).default("device-fault"),
});

export function inverterTrip({ reason }: z.infer<typeof InverterTrip>): FaultEffect {
  return { stopped: true, trouble: reason };
}
