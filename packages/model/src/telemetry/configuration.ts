import * as z from "zod";
import { OrderedBy } from "./command.ts";
import { DeviceUrl } from "./device-url.ts";
import { DeviceTag } from "./frame.ts";

/** Slots of all poll classes meet: a gateway ticks in multiples of this. */
const pollStepMs = 100;
const Interval = z.int().min(pollStepMs).multipleOf(pollStepMs);
const inMs = "milliseconds, a multiple of 100";

/** The interval of each poll class. */
export const pollIntervals = {
  fastMs: Interval.default(1_000).describe(`The interval of the fast points: ${inMs}`),
  normalMs: Interval.default(10_000).describe(`The interval of the normal points: ${inMs}`),
  slowMs: Interval.default(60_000).describe(`The interval of the slow points: ${inMs}`),
};

const patterns = "names of points; a trailing * stands for any rest";
const Patterns = z.array(z.string().min(1)).min(1);

/** So many devices one gateway polls at most. */
export const mostConfiguredDevices = 3_000;

const SerialText = z
  .string()
  .max(200)
  .refine((text) => !text.includes("\0"), "has a zero character");

/** How the device that stands somewhere came to stand there, told by who put it there. */
export const ConfiguredExchange = z.strictObject({
  id: z
    .uuid()
    .describe("The order by which the new device was read; another one is another exchange"),
  before: SerialText.describe(
    "The serial number of the device that went; empty where nobody knows",
  ),
  after: SerialText.describe("The serial number of the device that came; empty where nobody knows"),
  by: OrderedBy.describe("Who put it there"),
});
export type ConfiguredExchange = z.infer<typeof ConfiguredExchange>;

/** One device of a gateway, as its file and a pushed configuration name it. */
export const ConfiguredDevice = z.strictObject({
  tag: DeviceTag.describe(
    "The device's name at this gateway: up to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit",
  ),
  url: DeviceUrl.describe(
    "tcp://host:port?unit=1, rtu+tcp://host:port?unit=1 behind a converter, or serial:///dev/ttyUSB0?baud=9600&parity=none&stop=1&unit=1; &device=2 names the second device of a SunSpec chain",
  ),
  profile: z.string().min(1).describe("The id of a device profile, such as sunspec"),
  points: z
    .strictObject({
      include: Patterns.optional().describe(`Only these: ${patterns}`),
      exclude: Patterns.optional().describe(`Not these: ${patterns}`),
    })
    .optional()
    .describe("Narrows the profile's points"),
  ratios: z
    .record(z.string().min(1), z.number().positive())
    .optional()
    .describe("Transformer ratios set by hand, by point name; they stand above the device's own"),
  exchange: ConfiguredExchange.optional().describe(
    "The exchange of a device that does not say its serial number: its counters begin anew",
  ),
});
export type ConfiguredDevice = z.infer<typeof ConfiguredDevice>;

/**
 * What a gateway polls: the part of its configuration that can change while it runs, and the whole of
 * what can be pushed to it. The gateway's own file holds the same keys beside those of its own.
 */
export const SiteConfiguration = z.strictObject({
  place: z
    .strictObject({
      latitude: z.number().min(-90).max(90).describe("Degrees north, from -90 to 90"),
      longitude: z.number().min(-180).max(180).describe("Degrees east, from -180 to 180"),
    })
    .optional()
    .describe("Where the plant stands: with it the sun says when an inverter may sleep"),
  poll: z.strictObject(pollIntervals).prefault({}).describe("The interval of each poll class"),
  devices: z
    .array(ConfiguredDevice)
    .max(mostConfiguredDevices)
    .describe("What is polled: a list of devices"),
});
export type SiteConfiguration = z.infer<typeof SiteConfiguration>;

/** So many versions of a gateway's configuration are told apart: their numbers are kept in 32 bits. */
export const mostConfigurations = 2_147_483_647;
/** Counts the versions that were pushed to a gateway, from 1. */
export const ConfigurationNumber = z.int().positive().max(mostConfigurations);

/**
 * Retained on `…/config`: what the gateway shall poll from now on instead of what its file says. The
 * document is judged by the gateway, which names all that is wrong with it. A higher version stands
 * above a lower one; `document: null` gives the word back to the file.
 */
export const ConfigurationMessage = z.strictObject({
  v: z.literal(1),
  version: ConfigurationNumber,
  at: z.int().nonnegative(),
  by: OrderedBy,
  document: z.record(z.string(), z.unknown()).nullable(),
});
export type ConfigurationMessage = z.infer<typeof ConfigurationMessage>;

/** What a gateway polls by, as its status tells. */
export const ConfigurationState = z.object({
  /** Whose word counts now. */
  source: z.enum(["file", "platform"]),
  /** The pushed version that runs; absent while the file's word counts. */
  version: ConfigurationNumber.optional(),
  /** What became of the newest version that was pushed. `trial`: it runs and has yet to prove itself. */
  pushed: z
    .object({
      version: ConfigurationNumber,
      state: z.enum(["applied", "trial", "refused", "rolledBack"]),
      at: z.int(),
      /** Why it was refused or rolled back: `devices[1].url: …`. */
      reasons: z.array(z.string().max(500)).max(50).optional(),
    })
    .optional(),
  /** The file was changed by hand since the running version was applied, in these keys. */
  drift: z.array(z.enum(["place", "poll", "devices"])).optional(),
});
export type ConfigurationState = z.infer<typeof ConfigurationState>;
