import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { off, span } from "./fields.ts";

/** The grid's frequency is higher or lower by so many hertz. */
export const FrequencyExcursion = z.strictObject({
  kind: z.literal("frequency-excursion"),
  ...span,
  hertz: off.min(-5).max(5),
});

/** Beyond 47.5 and 51.5 Hz inverters leave the grid (EN 50549-1). */
const least = -2.5;
const most = 1.5;

export function frequencyExcursion({ hertz }: z.infer<typeof FrequencyExcursion>): FaultEffect {
  if (hertz >= least && hertz <= most) return { hertz };
  return { hertz, stopped: true, trouble: hertz > 0 ? "over-frequency" : "under-frequency" };
}
