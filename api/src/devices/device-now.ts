import {
  type Device,
  type DeviceAnnouncement,
  type DevicePoint,
  type DeviceSummary,
  type Freshness,
  freshnessOf,
  type Gateway,
  type LiveReach,
} from "@sunledger/model";
import type { DeviceValues } from "../frames/latest-values.ts";
import { headlinePoints, paceOf, pointsOf } from "./device-points.ts";
import { type Company, type GatewayWord, stateBy } from "./gateway-word.ts";

/** A device with all that is known of it at one moment. */
export type DeviceNow = {
  readonly device: Device;
  readonly announcement: DeviceAnnouncement | undefined;
  readonly points: readonly DevicePoint[];
  readonly values: DeviceValues;
  readonly reach: LiveReach;
  readonly newestAt: number | null;
  readonly state: Freshness;
  /** The time that its values' age is judged by: now, less what they may take on their way. */
  readonly judgedAt: number;
};

export type DeviceSources = {
  readonly values: DeviceValues;
  readonly word: GatewayWord;
  /** The records' copy of its gateway. */
  readonly gateway: Gateway | undefined;
  /** The devices of its gateway. */
  readonly company: () => Company;
  /** Unix milliseconds. */
  readonly judgedAt: number;
};

export function deviceNow(device: Device, sources: DeviceSources): DeviceNow {
  const announcement = sources.word.announcementOf(device);
  const points = pointsOf(announcement, sources.values);
  return momentOf({ device, announcement, points }, sources);
}

/** The same device at another moment, its points being the same. */
export function momentOf(
  { device, announcement, points }: Pick<DeviceNow, "device" | "announcement" | "points">,
  { values, word, gateway, company, judgedAt }: DeviceSources,
): DeviceNow {
  const reach = word.reachOf(device, gateway, company);
  const newestAt = newestOf(values);
  const state = stateBy(reach, freshnessOf(newestAt, paceOf(points), judgedAt));
  return { device, announcement, points, values, reach, newestAt, state, judgedAt };
}

/** Whether its values may enter a live sum: late is good enough, stale is not. */
export function isReporting({ state }: DeviceNow): boolean {
  return state === "live" || state === "late";
}

/** Whether it does what its kind does in the dark, answering or not. */
export function isAsleep({ state }: DeviceNow): boolean {
  return state === "asleep";
}

/**
 * Those that a figure over the devices has to expect something of: what was imported once adds nothing
 * now and is not missed, save where all of them are of that kind.
 */
export function expectedOf(devices: readonly DeviceNow[]): readonly DeviceNow[] {
  const polled = devices.filter(({ state }) => state !== "imported");
  return polled.length > 0 ? polled : devices;
}

export function summaryOf(now: DeviceNow): DeviceSummary {
  const { device, announcement, state, newestAt } = now;
  const { id, tag, name, kind, plant, gateway, ratedAcW, ratedDcW } = device;
  const profile = announcement?.profile.id;
  return {
    ...{ id, tag, name, kind, plant, state, newestAt },
    ...(profile !== undefined && { profile }),
    ...(gateway !== undefined && { gateway }),
    ...(ratedAcW !== undefined && { ratedAcW }),
    ...(ratedDcW !== undefined && { ratedDcW }),
    headline: headlineOf(now),
  };
}

function headlineOf({ device, points, values }: DeviceNow): DeviceSummary["headline"] {
  for (const { name, unit } of headlinePoints(device.kind, points)) {
    const newest = values.get(name);
    if (newest) return { point: name, value: newest.value, unit, at: newest.at };
  }
  return null;
}

/** The time of the newest of the values. */
export function newestOf(values: DeviceValues): number | null {
  let newest: number | null = null;
  for (const { at } of values.values()) if (newest === null || at > newest) newest = at;
  return newest;
}
