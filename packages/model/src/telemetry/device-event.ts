import * as z from "zod";
import { OrderedBy } from "./command.ts";
import { DeviceTag } from "./frame.ts";
import { earliestInstant, latestInstant } from "./instants.ts";
import { PointName } from "./profile-parts.ts";

/**
 * What happened to a device that its values alone do not say. `reset`: a counter began anew.
 * `rollover`: it passed the end of its register. `leap`: it rose more steeply than it can count.
 * `replaced`: another device answers under the same name. `written`: a set-point was brought to another
 * value on somebody's order, or a client of a proxy has written (`point` is the table and the address, `after` the words). `reverted`: it was brought back to the value from before. `asleep`: it fell
 * asleep, as its kind does in the dark; `awake`: that was over. `clockCorrected`: its gateway's clock was
 * wrong until it was synchronised, and the time of frames that were not sent yet was moved; `before` and
 * `after` are the time of the first of them, Unix milliseconds.
 */
export const DeviceEventKind = z.enum([
  "reset",
  "rollover",
  "leap",
  "replaced",
  "written",
  "reverted",
  "asleep",
  "awake",
  "clockCorrected",
]);
export type DeviceEventKind = z.infer<typeof DeviceEventKind>;

/** Digits or, of a text point, the text. No database takes a zero character. */
const EventValue = z
  .string()
  .max(200)
  .refine((text) => !text.includes("\0"), "has a zero character");

/** One event of one device; its id makes it the same one however often it is sent. */
export const DeviceEvent = z.object({
  id: z.uuid(),
  device: DeviceTag,
  point: PointName.max(80),
  kind: DeviceEventKind,
  /** Of the first reading after it, Unix milliseconds by the gateway's clock. */
  at: z.int().min(earliestInstant).max(latestInstant),
  /** The last good value before, and the first one after, in the point's unit. */
  before: EventValue,
  after: EventValue,
  /** What was counted between the two, where that is known: over a roll-over. */
  counted: EventValue.optional(),
  /** Who ordered what was written, and by which command; a client of a proxy has none. */
  by: OrderedBy.extend({ command: z.uuid().optional() }).optional(),
});
export type DeviceEvent = z.infer<typeof DeviceEvent>;

/** An event where it is kept: its device is named by the device's id. */
export const KeptEvent = DeviceEvent.extend({ device: z.uuid() });
export type KeptEvent = z.infer<typeof KeptEvent>;

/** Events that one message carries at most. */
export const mostEvents = 500;
