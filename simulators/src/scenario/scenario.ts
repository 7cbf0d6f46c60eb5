import { GatewayId, LocalText, Plant } from "@sunledger/model";
import * as z from "zod";
import { Fault } from "../faults/fault.ts";
import { LoadCurve } from "./load-curve.ts";
import { misplacedFaults } from "./misplaced-faults.ts";
import { Facing, isReplayed, SimulatedDevice } from "./simulated-device.ts";
import { SkyPlan } from "./sky-plan.ts";
import { trackersTooMany } from "./trackers.ts";

export const SimulatedPlant = z
  .strictObject({
    ...Plant.pick({
      code: true,
      timeZone: true,
      latitude: true,
      longitude: true,
      altitudeM: true,
      gammaPerC: true,
      commissioned: true,
    }).shape,
    name: z.strictObject(LocalText.shape),
    ...Facing,
    gateway: GatewayId,
    /** Speaks for the past of the same devices. */
    historyGateway: GatewayId,
    load: LoadCurve,
    weather: SkyPlan.prefault({}),
    devices: z.array(SimulatedDevice).min(1),
    faults: z.array(Fault).default([]),
  })
  .refine(
    ({ devices }) => new Set(devices.map(({ tag }) => tag)).size === devices.length,
    "two devices of a plant have the same tag",
  )
  .refine(
    ({ devices }) => loggersFind(devices),
    "what stands behind a logger is a device of its plant, and no logger",
  )
  .refine(
    ({ devices }) => combinersFind(devices),
    "a combiner box has the profile sunspec and stands in front of an inverter of its plant that replays nothing",
  )
  .superRefine((plant, context) => {
    for (const message of misplacedFaults(plant)) {
      context.addIssue({ code: "custom", message, path: ["faults"] });
    }
    plant.devices.forEach((device, place) => {
      if (device.kind !== "inverter") return;
      for (const message of trackersTooMany(device)) {
        context.addIssue({ code: "custom", message, path: ["devices", place, "trackers"] });
      }
    });
  });
export type SimulatedPlant = z.infer<typeof SimulatedPlant>;

function loggersFind(devices: readonly SimulatedDevice[]): boolean {
  const others = new Set(devices.filter(({ kind }) => kind !== "logger").map(({ tag }) => tag));
  return devices.every(
    (device) => device.kind !== "logger" || device.behind.every((tag) => others.has(tag)),
  );
}

function combinersFind(devices: readonly SimulatedDevice[]): boolean {
  const inverters = new Set(
    devices.filter((one) => one.kind === "inverter" && !isReplayed(one)).map(({ tag }) => tag),
  );
  return devices.every(
    (device) =>
      device.kind !== "sensor" ||
      device.combines === undefined ||
      (device.profile === "sunspec" && !device.replays && inverters.has(device.combines)),
  );
}

const Instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** Plants to simulate: the same seed and origin give the same values for ever. */
export const Scenario = z
  .strictObject({
    about: z.string().optional(),
    seed: z.string().min(1),
    /**
     * Where the counters begin. `today`: with the day (UTC) on which the simulators are started, for
     * fleets that are not to work through the weeks before.
     */
    origin: z.union([Instant, z.literal("today")]).optional(),
    /** Where the time of a fast simulation begins. */
    start: Instant.optional(),
    /** How many times as fast as real time it passes, if nobody says otherwise. */
    timeFactor: z.number().positive().optional(),
    plants: z.array(SimulatedPlant).min(1),
  })
  .refine(
    ({ plants }) => new Set(plants.map(({ code }) => code)).size === plants.length,
    "two plants have the same code",
  );
export type Scenario = z.infer<typeof Scenario>;

const day = 86_400_000;
const month = 31 * day;

/**
 * Where the counters of a scenario begin. Without a word about it: the first day (UTC) of the month
 * that 31 days before `now` lies in, so that programs started on the same day agree.
 */
export function originOf({ origin }: Scenario, now: number): number {
  if (origin === "today") return now - (now % day);
  if (origin !== undefined) return origin;
  const date = new Date(now - month);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
