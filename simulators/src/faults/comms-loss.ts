import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevices } from "./fields.ts";

/** A device, or all of a plant, answers nobody and works on. */
export const CommsLoss = z.strictObject({ kind: z.literal("comms-loss"), ...ofDevices });

export function commsLoss(): FaultEffect {
  return { silent: true };
}
