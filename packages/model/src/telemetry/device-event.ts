import * as z from "zod";
import { DeviceTag, earliestInstant, latestInstant } from "./frame.ts";

/**
 * What happened to a device that its values alone do not say. `reset`: a counter began anew.
 * `rollover`: it passed the end of its register. `leap`: it rose more steeply than it can count.
 * `replaced`: another device answers under the same name.
 */
export const DeviceEventKind = z.enum(["reset", "rollover", "leap", "replaced"]);
export type DeviceEventKind = z.infer<typeof DeviceEventKind>;

/** Digits or, of a text point, the text. */
const EventValue = z.string().max(200);

/** One event of one device; its id makes it the same one however often it is sent. */
export const DeviceEvent = z.object({
  id: z.uuid(),
  device: DeviceTag,
  point: z.string().min(1).max(80),
  kind: DeviceEventKind,
  /** Of the first reading after it, Unix milliseconds by the gateway's clock. */
  at: z.int().min(earliestInstant).max(latestInstant),
  /** The last good value before, and the first one after, in the point's unit. */
  before: EventValue,
  after: EventValue,
  /** What was counted between the two, where that is known: over a roll-over. */
  counted: EventValue.optional(),
});
export type DeviceEvent = z.infer<typeof DeviceEvent>;

/** Events that one message carries at most. */
export const mostEvents = 500;
