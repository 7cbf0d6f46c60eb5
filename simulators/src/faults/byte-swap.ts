import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, points } from "./fields.ts";

/** Numbers stand the wrong way round in their registers: a new firmware has another order. */
export const ByteSwap = z.strictObject({
  kind: z.literal("byte-swap"),
  ...ofDevice,
  points,
  /** The bytes within each word, or the words of a number that has several. */
  order: z.enum(["bytes", "words"]).default("bytes"),
});

export function byteSwap({ points: swapped, order }: z.infer<typeof ByteSwap>): FaultEffect {
  return { swaps: { points: swapped, order } };
}
