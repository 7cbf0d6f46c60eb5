import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, points } from "./fields.ts";

/** Values are not there: the registers hold the mark that the device has for that. */
export const Sentinel = z.strictObject({ kind: z.literal("sentinel"), ...ofDevice, points });

export function sentinel({ points: altered }: z.infer<typeof Sentinel>): FaultEffect {
  return { alters: { points: altered, alter: () => undefined } };
}
