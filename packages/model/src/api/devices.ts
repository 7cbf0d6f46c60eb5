import * as z from "zod";
import { LocalText } from "../plant/plant.ts";
import { AnnouncedPoint, DeviceAnnouncement } from "../telemetry/announcement.ts";
import { KeptEvent } from "../telemetry/device-event.ts";
import { DeviceKind } from "../telemetry/device-kind.ts";
import { Flag, Value } from "../telemetry/frame.ts";
import { Freshness } from "../telemetry/freshness.ts";
import { CurveGap } from "./curve-gap.ts";

/** A device in a list: what it is, how fresh its data are and its one most telling value. */
export const DeviceSummary = z.object({
  id: z.string(),
  tag: z.string(),
  name: LocalText,
  kind: DeviceKind,
  /** The id of the profile it is read by. */
  profile: z.string().optional(),
  /** The plant's id. */
  plant: z.string(),
  gateway: z.string().optional(),
  ratedAcW: z.number().optional(),
  ratedDcW: z.number().optional(),
  state: Freshness,
  newestAt: z.int().nullable(),
  headline: z.object({ point: z.string(), value: Value, unit: z.string(), at: z.int() }).nullable(),
});
export type DeviceSummary = z.infer<typeof DeviceSummary>;

/** A point of a device's register table. */
export const DevicePoint = AnnouncedPoint.omit({ lane: true });
export type DevicePoint = z.infer<typeof DevicePoint>;

export const DeviceDetail = z.object({
  ...DeviceSummary.shape,
  /** Absent until a gateway has announced the device. */
  announcement: DeviceAnnouncement.pick({ at: true, profile: true, kind: true }).optional(),
  points: z.array(DevicePoint),
  /** Identity and other texts, by point name. */
  texts: z.record(z.string(), z.string()),
});
export type DeviceDetail = z.infer<typeof DeviceDetail>;

export const LatestValue = z.object({
  point: z.string(),
  value: Value,
  at: z.int(),
  /** Absent is good. */
  flag: Flag.optional(),
});
export type LatestValue = z.infer<typeof LatestValue>;

export const LatestValues = z.object({ serverTime: z.int(), values: z.array(LatestValue) });
export type LatestValues = z.infer<typeof LatestValues>;

/** What happened to a device, the newest first. */
export const DeviceEvents = z.object({
  events: z.array(KeptEvent),
  /** Whether there are older ones within the window. */
  more: z.boolean(),
});
export type DeviceEvents = z.infer<typeof DeviceEvents>;

const Column = z.array(z.number());

/**
 * One point in buckets. A bucket without a good value is absent; whether values are missing there,
 * or merely come less often than buckets do, is what `gaps` says.
 */
export const HistorySeries = z.object({
  point: z.string(),
  /** Start of each bucket, Unix milliseconds. */
  start: z.array(z.int()),
  min: Column,
  max: Column,
  avg: Column,
  /** How many good values each bucket holds. */
  count: z.array(z.int()),
  gaps: z.array(CurveGap),
});
export type HistorySeries = z.infer<typeof HistorySeries>;

export const DeviceHistory = z.object({
  everyMs: z.int().positive(),
  series: z.array(HistorySeries),
});
export type DeviceHistory = z.infer<typeof DeviceHistory>;
