import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevices } from "./fields.ts";

/** The grid's operator lets inverters give no more than so many percent of their rating. */
export const Curtailment = z.strictObject({
  kind: z.literal("curtailment"),
  ...ofDevices,
  percent: z.number().min(0).lt(100),
});

export function curtailment({ percent }: z.infer<typeof Curtailment>): FaultEffect {
  return { limit: percent / 100 };
}
