import { DeviceTag } from "@sunledger/model";
import * as z from "zod";

const Tilt = z.number().min(0).max(90);
/** Clockwise from north. */
const Azimuth = z.number().min(0).max(360);
export const Facing = { tilt: Tilt, azimuth: Azimuth };

/** One tracker of an array where it differs from its like. */
const SimulatedTracker = z.object({
  /** How many strings it has in parallel. */
  strings: z.int().min(1).max(6).default(2),
  tilt: Tilt.optional(),
  azimuth: Azimuth.optional(),
  /** DC nameplate against the other trackers'; together they make the inverter's. */
  dcW: z.number().positive().optional(),
});

export const SimulatedInverter = z.object({
  tag: DeviceTag,
  kind: z.literal("inverter"),
  profile: z.enum(["sunspec", "huawei-sun2000"]),
  /** DC nameplate, watts. */
  ratedDcW: z.number().positive(),
  ratedAcW: z.number().positive(),
  /** Where its array looks, if not where the plant's does. */
  tilt: Tilt.optional(),
  azimuth: Azimuth.optional(),
  /** All four; without a word each has two strings. */
  trackers: z.array(SimulatedTracker).length(4).optional(),
});
export type SimulatedInverter = z.infer<typeof SimulatedInverter>;

const SimulatedMeter = z.object({
  tag: DeviceTag,
  kind: z.literal("meter"),
  profile: z.enum(["sunspec", "eastron-sdm630"]),
  /** The simulated meters all stand at the grid connection. */
  atGrid: z.literal(true),
});

const SimulatedStation = z.object({
  tag: DeviceTag,
  kind: z.literal("sensor"),
  profile: z.literal("sunspec"),
});

export const SimulatedDevice = z.discriminatedUnion("kind", [
  SimulatedInverter,
  SimulatedMeter,
  SimulatedStation,
]);
export type SimulatedDevice = z.infer<typeof SimulatedDevice>;
