import * as z from "zod";
import { Device } from "../plant/plant.ts";
import { DeviceEvent } from "../telemetry/device-event.ts";

const { before, after, by } = DeviceEvent.shape;

/** A counter over an exchange: the last good value of the old device and the first one of the new. */
const CounterOver = z.object({ point: z.string(), before, after });

/** Another device took the place of one: what is stored of both stays under the same name. */
export const DeviceReplacement = z.object({
  /** Of the first reading of the new device, Unix milliseconds. */
  at: z.int(),
  /** Serial numbers; empty where nobody knows. */
  before,
  after,
  /** Who told of it, where the devices do not say their serial numbers themselves. */
  by,
  counters: z.array(CounterOver),
});
export type DeviceReplacement = z.infer<typeof DeviceReplacement>;

export const DeviceReplacements = z.object({
  /** The newest first. */
  replacements: z.array(DeviceReplacement),
  /**
   * What each counter has to be raised by to tell what was counted at this place in all: by every device
   * that stood here, before and after each reset. Exact, in the point's unit.
   */
  carried: z.array(z.object({ point: z.string(), by: z.string() })),
});
export type DeviceReplacements = z.infer<typeof DeviceReplacements>;

/** What a device is rated for, watts; absent where nobody knows. */
export const DeviceRating = Device.pick({ ratedAcW: true, ratedDcW: true });
export type DeviceRating = z.infer<typeof DeviceRating>;
