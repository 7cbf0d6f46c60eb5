import * as z from "zod";
import { DeviceKind } from "./device-kind.ts";
import { DeviceTag, Flag, Value } from "./frame.ts";
import { PointName } from "./profile-parts.ts";

/** Why a gateway would not even try. Screens translate these. */
export const RefusalCode = z.enum([
  /** The message is no command that this gateway knows, or its parts are wrong. */
  "malformed",
  "unknownKind",
  "otherSession",
  "expired",
  /** Ordered later than it is here by minutes: the clocks disagree, its age cannot be told. */
  "clocksDisagree",
  /** Another command bore this id. */
  "idReused",
  /** The gateway's own file does not allow it. */
  "commandsOff",
  "pointNotAllowed",
  "onboardingOff",
  "outsideNetworks",
  "unknownDevice",
  "unknownPoint",
  "notWritable",
  /** What it holds cannot be read, and the device does not fall back by itself. */
  "cannotRevert",
  "forbidden",
  /** Nobody confirmed by a second source where the register is. */
  "unverified",
  "outOfRange",
  "offStep",
  "valueNotAllowed",
  /** The device is not in the mode that the value works in. */
  "modeRequired",
  /** Kept in flash: neither ramped nor written more than a few times a day. */
  "flash",
  "rateLimited",
  /** The set-point or the search is in hand already. */
  "busy",
  "nothingToRelease",
  "nothingToCancel",
  "badTarget",
  "unknownProfile",
  "badProfile",
  /** The gateway could not write down what it was about to do. */
  "notRecorded",
]);
export type RefusalCode = z.infer<typeof RefusalCode>;

/** Why what was tried did not come to its end. Screens translate these. */
export const FailureCode = z.enum([
  "unreachable",
  "noAnswer",
  /** The device answered by a Modbus exception. */
  "exception",
  "protocol",
  /** The device confirmed another write than it was sent. */
  "echoDiffers",
  "readBackDiffers",
  /** No answer to the write, nor to the question after it: it may hold either value. */
  "outcomeUnknown",
  /** What answers is not what the profile describes. */
  "unknownDevice",
  "cancelled",
  "interrupted",
  "internal",
]);
export type FailureCode = z.infer<typeof FailureCode>;

const Words = z.array(z.int().min(0).max(0xffff)).max(125);

/** What was written to a set-point, in its canonical unit and as it went over the line. */
export const WrittenPoint = z.object({
  device: DeviceTag,
  point: PointName.max(80),
  unit: z.string().max(12),
  value: Value,
  words: Words,
  /** What the set-point held before, where it can be read. */
  previous: Value.optional(),
  /** What it was found to hold afterwards; `null` where it cannot be read. */
  readBack: Value.optional(),
  /** When the value from before comes back: Unix milliseconds. */
  revertAt: z.int().optional(),
});
export type WrittenPoint = z.infer<typeof WrittenPoint>;

/** One value of a device as it was read for a command. */
export const PointReading = z.object({
  point: PointName.max(80),
  value: Value,
  unit: z.string().max(12),
  flag: Flag.optional(),
  /** A state's code in words. */
  label: z.string().max(120).optional(),
  source: z.string().max(120).optional(),
  /** What its registers held. */
  words: Words.optional(),
});
export type PointReading = z.infer<typeof PointReading>;

/** A device as it was read for a command. */
export const DeviceReading = z.object({
  url: z.string().max(300),
  profile: z.string().max(80),
  kind: DeviceKind,
  /** How sure it is that the profile fits, in percent. */
  confidence: z.int().min(0).max(100),
  texts: z.record(z.string(), z.string()),
  points: z.array(PointReading).max(4_000),
  /** Points that the profile names and this device does not have. */
  missing: z.array(z.string()).max(4_000),
  /** More points were read than one message holds. */
  shortened: z.literal(true).optional(),
});
export type DeviceReading = z.infer<typeof DeviceReading>;

/** What answers at one address of a search. */
export const FoundUnit = z.object({
  url: z.string().max(300),
  by: z.enum(["sunspec", "identity", "plausible values", "given profile"]),
  /** More than one where a SunSpec chain stands behind the address; each with its own URL. */
  devices: z.array(DeviceReading).min(1).max(100),
  /** Other profiles that would fit as well, the surest first; of a single device. */
  alternatives: z.array(z.object({ profile: z.string(), confidence: z.int().min(0).max(100) })),
});
export type FoundUnit = z.infer<typeof FoundUnit>;

const UnknownUnit = z.object({ url: z.string().max(300), reason: z.string().max(300) });

/** How far a search is; hosts are counted, found units told one a message. */
const SearchProgress = z.object({
  done: z.int().nonnegative(),
  of: z.int().nonnegative(),
  answering: z.int().nonnegative(),
});

/** Bytes that went over a line together. */
const TracedBytes = z.object({
  /** By the gateway's clock, Unix milliseconds. */
  at: z.int(),
  direction: z.enum(["sent", "got"]),
  hex: z
    .string()
    .max(1_024)
    .regex(/^([0-9a-f]{2})+$/),
});

const Result = z.object({
  v: z.literal(1),
  id: z.uuid(),
  /** By the gateway's clock, Unix milliseconds. */
  at: z.int(),
});
const reason = z.string().max(500);

/**
 * What became of a command, on `…/result`. `refused`: nothing was done. `accepted` and `progress` are
 * followed by `done` or `failed`. `revert` comes after either, when the value from before is due again:
 * `waiting` while the device cannot be written to, which is tried each minute at least. Codes are for programs, reasons for people.
 */
export const CommandResult = z.discriminatedUnion("state", [
  Result.extend({ state: z.literal("accepted") }),
  Result.extend({
    state: z.literal("progress"),
    search: SearchProgress.optional(),
    found: FoundUnit.optional(),
    unknown: UnknownUnit.optional(),
    /** A step of a ramp. */
    written: WrittenPoint.optional(),
    /** What went over a line that is traced, in order. */
    bytes: z.array(TracedBytes).max(50).optional(),
    /** What is waited for, in words. */
    waiting: reason.optional(),
  }),
  Result.extend({
    state: z.literal("done"),
    search: SearchProgress.extend({
      found: z.int().nonnegative(),
      unknown: z.int().nonnegative(),
    }).optional(),
    reading: DeviceReading.optional(),
    written: WrittenPoint.optional(),
    /** How many pieces of a trace were told; full: it ended with the last that was asked for. */
    traced: z.object({ pieces: z.int().nonnegative(), isFull: z.boolean() }).optional(),
    /** The document that runs now, whoever gave it: what `SiteConfiguration` takes. */
    configuration: z.record(z.string(), z.unknown()).optional(),
  }),
  Result.extend({
    state: z.literal("refused"),
    code: RefusalCode,
    reason,
    /** Each fault of a profile's document, where more than one was found. */
    reasons: z.array(reason).max(50).optional(),
  }),
  Result.extend({
    state: z.literal("failed"),
    code: FailureCode,
    reason,
    /** What was written before it failed. */
    written: WrittenPoint.optional(),
  }),
  Result.extend({
    state: z.literal("revert"),
    outcome: z.enum(["done", "alreadyBack", "changedByOthers", "waiting", "givenUp"]),
    reason: reason.optional(),
    written: WrittenPoint.optional(),
  }),
]);
export type CommandResult = z.infer<typeof CommandResult>;
