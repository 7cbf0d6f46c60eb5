import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { afterRequests, ofDevices } from "./fields.ts";

/** The device hangs up in place of the next answer when a connection has had so many. */
export const ConnectionDrop = z.strictObject({
  kind: z.literal("connection-drop"),
  ...ofDevices,
  afterRequests,
});

export function connectionDrop(fault: z.infer<typeof ConnectionDrop>): FaultEffect {
  return { wire: { fate: (n) => (n > fault.afterRequests ? "hang-up" : undefined) } };
}
