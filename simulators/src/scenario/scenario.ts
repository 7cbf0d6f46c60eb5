import { DeviceTag, GatewayId, Plant } from "@sunledger/model";
import * as z from "zod";

/** What a simulated device answers like: the profile a gateway reads it by. */
const SimulatedProfile = z.enum(["sunspec", "huawei-sun2000", "eastron-sdm630"]);

const SimulatedInverter = z.object({
  tag: DeviceTag,
  kind: z.literal("inverter"),
  profile: z.enum(["sunspec", "huawei-sun2000"]),
  /** DC nameplate, watts. */
  ratedDcW: z.number().positive(),
  ratedAcW: z.number().positive(),
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

const SimulatedDevice = z.discriminatedUnion("kind", [
  SimulatedInverter,
  SimulatedMeter,
  SimulatedStation,
]);
export type SimulatedDevice = z.infer<typeof SimulatedDevice>;
export type SimulatedProfile = z.infer<typeof SimulatedProfile>;

export const SimulatedPlant = z
  .object({
    ...Plant.pick({
      code: true,
      name: true,
      timeZone: true,
      latitude: true,
      longitude: true,
      altitudeM: true,
      gammaPerC: true,
      commissioned: true,
    }).shape,
    tilt: z.number().min(0).max(90),
    /** Clockwise from north. */
    azimuth: z.number().min(0).max(360),
    gateway: GatewayId,
    /** Speaks for the past of the same devices. */
    historyGateway: GatewayId,
    /** What the works behind the meter draw: always, and in addition during shifts. */
    load: z.object({ baseW: z.number().nonnegative(), shiftW: z.number().nonnegative() }),
    devices: z.array(SimulatedDevice).min(1),
  })
  .refine(
    ({ devices }) => new Set(devices.map(({ tag }) => tag)).size === devices.length,
    "two devices of a plant have the same tag",
  );
export type SimulatedPlant = z.infer<typeof SimulatedPlant>;

const Instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** Plants to simulate: the same seed and origin give the same values for ever. */
export const Scenario = z
  .object({
    seed: z.string().min(1),
    /** Where the counters begin. */
    origin: Instant.optional(),
    /** Where the time of a fast simulation begins. */
    start: Instant.optional(),
    plants: z.array(SimulatedPlant).min(1),
  })
  .refine(
    ({ plants }) => new Set(plants.map(({ code }) => code)).size === plants.length,
    "two plants have the same code",
  );
export type Scenario = z.infer<typeof Scenario>;

const month = 31 * 86_400_000;

/**
 * Where the counters of a scenario begin. Without a word about it: the first day (UTC) of the month
 * that 31 days before `now` lies in, so that programs started on the same day agree.
 */
export function originOf({ origin }: Scenario, now: number): number {
  if (origin !== undefined) return origin;
  const date = new Date(now - month);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
