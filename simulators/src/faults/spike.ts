import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { factor, ofDevice, points } from "./fields.ts";

const second = 1_000;

/** Single values far off: from the start on, once in so many seconds, for so many. */
export const Spike = z.strictObject({
  kind: z.literal("spike"),
  ...ofDevice,
  points,
  factor: factor.default(8),
  everySeconds: z.int().min(2).default(600),
  lastsSeconds: z.int().min(1).default(5),
});

export function spike(fault: z.infer<typeof Spike>, { at }: FaultMoment): FaultEffect {
  const { points: altered, factor: times, everySeconds, lastsSeconds } = fault;
  const since = (at - fault.start) % (everySeconds * second);
  if (since >= lastsSeconds * second) return {};
  return { alters: { points: altered, alter: (value) => value * times } };
}
