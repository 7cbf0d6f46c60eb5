import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, strings } from "./fields.ts";

/** Fuses of strings have blown, and the inverter reports it. */
export const BlownFuse = z.strictObject({ kind: z.literal("blown-fuse"), ...ofDevice, strings });

export function blownFuse({ strings: numbers }: z.infer<typeof BlownFuse>): FaultEffect {
  return { strings: { numbers, kept: 0 }, trouble: "blown-string-fuse" };
}
