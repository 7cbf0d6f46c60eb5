import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { off, span } from "./fields.ts";

/** The grid's voltage is higher or lower by so many percent. */
export const VoltageExcursion = z.strictObject({
  kind: z.literal("voltage-excursion"),
  ...span,
  percent: off.min(-60).max(40),
});

/** Beyond these inverters leave the grid (EN 50549-1, usual settings: 0.8 and 1.15 of the nominal voltage). */
const least = -20;
const most = 15;

export function voltageExcursion({ percent }: z.infer<typeof VoltageExcursion>): FaultEffect {
  const left = 1 + percent / 100;
  const phases = [left, left, left] as const;
  if (percent >= least && percent <= most) return { phases };
  return { phases, stopped: true, trouble: percent > 0 ? "over-voltage" : "under-voltage" };
}
