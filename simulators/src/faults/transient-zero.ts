import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevice, points } from "./fields.ts";

const second = 1_000;

/** Counters show zero for a moment and go on as if nothing had been: once in so many seconds, for so many. */
export const TransientZero = z.strictObject({
  kind: z.literal("transient-zero"),
  ...ofDevice,
  points,
  everySeconds: z.int().min(2).default(900),
  lastsSeconds: z.int().min(1).default(5),
});

export function transientZero(
  fault: z.infer<typeof TransientZero>,
  { at }: FaultMoment,
): FaultEffect {
  const { points: altered, everySeconds, lastsSeconds } = fault;
  const since = (at - fault.start) % (everySeconds * second);
  if (since >= lastsSeconds * second) return {};
  return { alters: { points: altered, alter: () => 0 } };
}
