import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, share, strings } from "./fields.ts";

/** Strings give less than their like: cracked cells, a bypassed module. */
export const StringLoss = z.strictObject({
  kind: z.literal("string-loss"),
  ...ofDevice,
  strings,
  lost: share.default(0.1),
});

export function stringLoss({ strings: numbers, lost }: z.infer<typeof StringLoss>): FaultEffect {
  return { strings: { numbers, kept: 1 - lost } };
}
