import * as z from "zod";
import { Plant } from "../plant/plant.ts";
import { Freshness } from "../telemetry/freshness.ts";
import { CurveGap } from "./curve-gap.ts";
import { DeviceSummary } from "./devices.ts";
import { Figure } from "./figure.ts";

/** A plant in a list: what it is and how it does at this moment. Powers in watts, energy in Wh. */
export const PlantSummary = z.object({
  ...Plant.pick({
    id: true,
    code: true,
    name: true,
    timeZone: true,
    latitude: true,
    longitude: true,
    dcPowerW: true,
    acPowerW: true,
    commissioned: true,
  }).shape,
  /** Unix milliseconds. */
  serverTime: z.int(),
  devices: z.object({
    total: z.int().nonnegative(),
    reporting: z.int().nonnegative(),
    asleep: z.int().nonnegative(),
    offline: z.int().nonnegative(),
    imported: z.int().nonnegative(),
  }),
  newestAt: z.int().nullable(),
  /** The freshness of the plant's newest device; `offline` when no device can be reached. */
  state: Freshness,
  /** Generation of the inverters. */
  powerW: Figure,
  /** In the plane of the modules where a sensor is there, W/m². */
  irradiance: Figure,
  /** At the grid connection; negative while the plant takes from the grid. */
  exportW: Figure,
  /** Since the plant's local midnight, from the inverters' counters. */
  energyTodayWh: Figure,
  /** Of this local day so far; hidden (`tooDark`) under a mean of 100 W/m². */
  performanceRatioToday: Figure,
  /** Time availability of the inverters, 0 to 1, while the sun shines with 50 W/m² and more. */
  availabilityToday: Figure,
  /** Mean power of each half-hour of this local day, 46 to 50 of them; `null` ahead and in gaps. */
  spark: z.array(z.number().nullable()),
});
export type PlantSummary = z.infer<typeof PlantSummary>;

export const PlantList = z.object({ items: z.array(PlantSummary) });
export type PlantList = z.infer<typeof PlantList>;

export const GatewaySummary = z.object({
  id: z.string(),
  /** `unknown` until it has said something. */
  state: z.enum(["online", "offline", "unknown"]),
  heardAt: z.int().nullable(),
  version: z.string().optional(),
});
export type GatewaySummary = z.infer<typeof GatewaySummary>;

export const PlantDetail = z.object({
  ...PlantSummary.shape,
  devices: z.array(DeviceSummary),
  /** How many of the devices report, sleep in the dark, cannot be reached, or hold imports alone. */
  deviceCounts: PlantSummary.shape.devices,
  gateways: z.array(GatewaySummary),
});
export type PlantDetail = z.infer<typeof PlantDetail>;

const Columns = z.array(z.number().nullable());

/**
 * A plant's power over time in buckets of `everyMs`, aligned to its local midnight. The power of a
 * bucket sums the inverters that reported in it and is never scaled up; `coverage` says which share
 * did, and under one half the power is `null`. `min` and `max` sum each inverter's extremes: an
 * envelope, not the extremes of the sum.
 */
export const PlantCurve = z.object({
  everyMs: z.int().positive(),
  /** Start of each bucket, Unix milliseconds. */
  start: z.array(z.int()),
  powerW: z.object({ avg: Columns, min: Columns, max: Columns }),
  irradiance: z.object({ avg: Columns }),
  /** 0 to 1 */
  coverage: z.array(z.number()),
  gaps: z.array(CurveGap),
});
export type PlantCurve = z.infer<typeof PlantCurve>;
