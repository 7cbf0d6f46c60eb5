import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { every, isHit, ofDevices } from "./fields.ts";

/** Requests are lost: who asks runs into a time-out. */
export const NoAnswer = z.strictObject({ kind: z.literal("no-answer"), ...ofDevices, every });

export function noAnswer(fault: z.infer<typeof NoAnswer>): FaultEffect {
  return { wire: { fate: (n) => (isHit(fault, n) ? "unheard" : undefined) } };
}
