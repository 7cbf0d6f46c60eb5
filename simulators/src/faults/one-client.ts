import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevices } from "./fields.ts";

/** The device serves one connection and hangs up on all others. */
export const OneClient = z.strictObject({
  kind: z.literal("one-client"),
  ...ofDevices,
  /** Whom it goes on serving: who was there first, or who came last. */
  keeps: z.enum(["first", "last"]).default("first"),
});

export function oneClient({ keeps }: z.infer<typeof OneClient>): FaultEffect {
  return { wire: { keeps } };
}
