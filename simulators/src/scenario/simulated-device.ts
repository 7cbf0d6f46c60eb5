import { DeviceTag } from "@sunledger/model";
import * as z from "zod";
import { mostTrackers } from "./trackers.ts";

const Tilt = z.number().min(0).max(90);
/** Clockwise from north. */
const Azimuth = z.number().min(0).max(360);
export const Facing = { tilt: Tilt, azimuth: Azimuth };

/** A recording that a device shows in place of what the model has; the model then knows nothing of the device. */
const Replayed = z.strictObject({
  /** A CSV or NEM12 file, from the scenario's folder on. */
  file: z.string().min(1),
  /** How its columns are read: a map as `sunledger replay` takes it. */
  map: z.string().min(1),
  /** Which of the recording's devices; absent: the one of the same tag. */
  device: DeviceTag.optional(),
  /** When the first row of the device is shown; absent: at its own time. */
  begins: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
  /** Begins anew when it is over, always at the same time of day. */
  repeats: z.boolean().default(false),
});
export type Replayed = z.infer<typeof Replayed>;
const replays = Replayed.optional();

/** One tracker of an array where it differs from its like. */
const SimulatedTracker = z.strictObject({
  /** How many strings it has in parallel. */
  strings: z.int().min(1).max(12).default(2),
  tilt: Tilt.optional(),
  azimuth: Azimuth.optional(),
  /** DC nameplate against the other trackers'; together they make the inverter's. */
  dcW: z.number().positive().optional(),
});
export type SimulatedTracker = z.infer<typeof SimulatedTracker>;

export const SimulatedInverter = z.strictObject({
  tag: DeviceTag,
  kind: z.literal("inverter"),
  profile: z.enum([
    ...([
      "sunspec",
      "fronius",
      "solaredge",
      "huawei-sun2000",
      "sungrow-sg",
      "sma-inverter",
    ] as const),
    ...(["goodwe-dt", "goodwe-et", "growatt-tl3x", "growatt-tlx", "solis-string"] as const),
  ]),
  /** DC nameplate, watts. */
  ratedDcW: z.number().positive(),
  ratedAcW: z.number().positive(),
  /** Where its array looks, if not where the plant's does. */
  tilt: Tilt.optional(),
  azimuth: Azimuth.optional(),
  /** All of them; without a word four, or as many as the make has, each with two strings. */
  trackers: z.array(SimulatedTracker).min(1).max(mostTrackers).optional(),
  replays,
});
export type SimulatedInverter = z.infer<typeof SimulatedInverter>;

const GridMeter = z.strictObject({
  tag: DeviceTag,
  kind: z.literal("meter"),
  profile: z.enum([
    ...(["sunspec", "eastron-sdm630", "eastron-sdm120", "chint-dtsu666"] as const),
    ...(["carlogavazzi-em24", "carlogavazzi-em24-e1", "carlogavazzi-em340"] as const),
    ...(["schneider-iem3155", "acrel-adl400", "huawei-smartlogger-meter"] as const),
  ]),
  /** The simulated meters of electricity all stand at the grid connection. */
  atGrid: z.literal(true),
  replays,
});

/** A meter of flow and heat, on a circuit of its own. */
const FlowMeter = z.strictObject({
  tag: DeviceTag,
  kind: z.literal("meter"),
  profile: z.literal("tuf-2000m"),
  atGrid: z.literal(false).default(false),
});

const SimulatedMeter = z.discriminatedUnion("profile", [GridMeter, FlowMeter]);
export type SimulatedMeter = z.infer<typeof SimulatedMeter>;

const SimulatedStation = z.strictObject({
  tag: DeviceTag,
  kind: z.literal("sensor"),
  profile: z.enum([
    ...(["sunspec", "imt-si-rs485", "kippzonen-smp", "lufft-ws"] as const),
    "huawei-smartlogger-emi",
  ]),
  replays,
  /** It is no weather station but a combiner box, of the alliance's model 404, in front of this inverter. */
  combines: DeviceTag.optional(),
});
export type SimulatedStation = z.infer<typeof SimulatedStation>;

/** A logger shows the sum of its plant's inverters. */
const SimulatedLogger = z.strictObject({
  tag: DeviceTag,
  kind: z.literal("logger"),
  profile: z.enum(["huawei-smartlogger", "sungrow-logger"]),
  /**
   * Devices of the plant that answer through it as well, at unit ids from 1 on; it then answers at the
   * id that its make has for itself, else at 1.
   */
  behind: z.array(DeviceTag).max(200).default([]),
});
export type SimulatedLogger = z.infer<typeof SimulatedLogger>;

/** A battery that keeps what the plant has over: it charges before the grid gets any. */
const SimulatedBattery = z.strictObject({
  tag: DeviceTag,
  kind: z.literal("battery"),
  profile: z.literal("sunspec"),
  /** Watt-hours. */
  capacityWh: z.number().positive(),
  /** The most that it takes or gives, watts. */
  ratedW: z.number().positive(),
});
export type SimulatedBattery = z.infer<typeof SimulatedBattery>;

export const SimulatedDevice = z.discriminatedUnion("kind", [
  SimulatedInverter,
  SimulatedMeter,
  SimulatedStation,
  SimulatedLogger,
  SimulatedBattery,
]);
export type SimulatedDevice = z.infer<typeof SimulatedDevice>;

/** Whether a device shows a recording. */
export function isReplayed(device: SimulatedDevice): boolean {
  return "replays" in device && device.replays !== undefined;
}
