import * as z from "zod";
import { chance, seedOf } from "../weather/noise.ts";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevice, points } from "./fields.ts";

const second = 1_000;

/** Values jump about from second to second, by a share of themselves. */
export const Noise = z.strictObject({
  kind: z.literal("noise"),
  ...ofDevice,
  points,
  /** The standard deviation of the factor. */
  share: z.number().positive().max(1).default(0.05),
});

export function noise(fault: z.infer<typeof Noise>, { at }: FaultMoment): FaultEffect {
  const { device, points: altered, share } = fault;
  const slot = 3 * Math.floor(at / second);
  const alter = (value: number, point: string) => {
    const seed = seedOf("noise", device, point);
    // Three even chances together are near enough to a bell, with a variance of a quarter.
    const sum = chance(seed, slot) + chance(seed, slot + 1) + chance(seed, slot + 2);
    return value * (1 + share * 2 * (sum - 1.5));
  };
  return { alters: { points: altered, alter } };
}
