import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, points } from "./fields.ts";

/** Values have the other sign: a new firmware, or a transformer the wrong way round. */
export const SignFlip = z.strictObject({ kind: z.literal("sign-flip"), ...ofDevice, points });

export function signFlip({ points: altered }: z.infer<typeof SignFlip>): FaultEffect {
  return { alters: { points: altered, alter: (value) => -value } };
}
