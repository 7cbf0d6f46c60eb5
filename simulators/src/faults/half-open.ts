import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { afterRequests, ofDevices } from "./fields.ts";

/**
 * Connections die after so many requests and nobody is told: what is sent on them gets nowhere and they are
 * never closed. A new one is served.
 */
export const HalfOpen = z.strictObject({
  kind: z.literal("half-open"),
  ...ofDevices,
  afterRequests,
});

export function halfOpen({ afterRequests: served }: z.infer<typeof HalfOpen>): FaultEffect {
  return { wire: { fate: (n) => (n > served ? "deaf" : undefined) } };
}
