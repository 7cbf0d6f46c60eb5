import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice } from "./fields.ts";

/** The array's insulation against earth is damaged. */
export const InsulationFault = z.strictObject({
  kind: z.literal("insulation-fault"),
  ...ofDevice,
  ohms: z.number().nonnegative().default(20_000),
});

/** Below this an inverter of 1000 V does not switch on: 30 mA (IEC 62109-2, 4.8.2). */
const least = 1_000 / 0.03;

export function insulationFault({ ohms }: z.infer<typeof InsulationFault>): FaultEffect {
  if (ohms >= least) return { insulation: ohms };
  return { insulation: ohms, stopped: true, trouble: "ground-fault" };
}
