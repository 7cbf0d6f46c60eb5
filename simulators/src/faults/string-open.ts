import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, strings } from "./fields.ts";

/** A connector has come off: the strings give nothing, and nobody says so. */
export const StringOpen = z.strictObject({ kind: z.literal("string-open"), ...ofDevice, strings });

export function stringOpen({ strings: numbers }: z.infer<typeof StringOpen>): FaultEffect {
  return { strings: { numbers, kept: 0 } };
}
