import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { span } from "./fields.ts";

/** The main breaker of the array opens: all inverters lose the grid; what is drawn comes from it. */
export const PlantTrip = z.strictObject({ kind: z.literal("plant-trip"), ...span });

export function plantTrip(): FaultEffect {
  return { stopped: true, trouble: "grid-loss" };
}
