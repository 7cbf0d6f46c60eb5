import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { span } from "./fields.ts";

/** One phase hangs behind the others by so many percent. */
export const VoltageUnbalance = z.strictObject({
  kind: z.literal("voltage-unbalance"),
  ...span,
  percent: z.number().positive().max(15).default(5),
});

export function voltageUnbalance({ percent }: z.infer<typeof VoltageUnbalance>): FaultEffect {
  return { phases: [1, 1, 1 - percent / 100] };
}
