import * as z from "zod";
import { DeviceTag } from "./frame.ts";
import { PointName } from "./profile-parts.ts";

/** A command may be obeyed so long after it was ordered, at most: milliseconds. */
export const longestCommandLifeMs = 10 * 60_000;
/** A set-point may revert so late, at most: milliseconds. */
export const latestRevertMs = 7 * 24 * 3_600_000;

const Instant = z.int().nonnegative();
const CommandId = z.uuid();

/** What a device's address looks like is judged by the gateway, whose lines it names. */
const Url = z.string().min(1).max(300);
const Points = z.array(PointName.max(80)).min(1).max(200);

/** The word that a gateway announces in its status, and that a command of that time has to bear. */
export const CommandSession = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);

/** Who ordered it: the user's id, and the name that records show to people. */
export const OrderedBy = z.strictObject({
  id: z.string().min(1).max(80),
  name: z.string().min(1).max(120),
});
export type OrderedBy = z.infer<typeof OrderedBy>;

/** Brings a set-point to a value, in its canonical unit. */
const SetPoint = z.strictObject({
  kind: z.literal("set"),
  device: DeviceTag,
  point: PointName.max(80),
  value: z.number(),
  /** The value from before comes back after so long, whether the platform is there or not. */
  revertAfterMs: z.int().min(1_000).max(latestRevertMs).optional(),
  /** The value is approached no faster than by so much a second; else it is written at once. */
  rampPerSecond: z.number().positive().optional(),
});

/** Brings back now what the set-point held before the first `set` that still stands. */
const Release = z.strictObject({
  kind: z.literal("release"),
  device: DeviceTag,
  point: PointName.max(80),
});

/** Reads a configured device now, whatever its interval; without `points` all that it has. */
const ReadNow = z.strictObject({
  kind: z.literal("read"),
  device: DeviceTag,
  points: Points.optional(),
});

/** Looks for devices. `target` and `units` as `sunledger scan` takes them. */
const ScanTarget = z.strictObject({
  kind: z.literal("scan"),
  /** A device's URL, `192.168.1.0/24` or `192.168.1.10..192.168.1.50`, with `:port`. */
  target: Url,
  /** `1-247`, or `1,3,100-110`; else the units that devices usually have. */
  units: z.string().min(1).max(200).optional(),
  /** How long a host may take to accept a connection, and a unit to answer anything. */
  timeoutMs: z.int().min(50).max(10_000).optional(),
  /** The search ends after so long with what it has found. */
  mostMs: z.int().min(1_000).max(3_600_000).optional(),
});

/** Reads a device that is not configured, by a profile that need not be installed. */
const TestRead = z.strictObject({
  kind: z.literal("test-read"),
  url: Url,
  /** The id of an installed profile, or the document of one as its file holds it. */
  profile: z.union([z.string().min(1).max(80), z.record(z.string(), z.unknown())]),
  points: Points.optional(),
});

/**
 * Tells the bytes that go over the line of a polled device, with all units that share it, until the time is
 * over or so many pieces were told. Nothing is asked of the device for it.
 */
const Trace = z.strictObject({
  kind: z.literal("trace"),
  device: DeviceTag,
  /** Milliseconds. */
  forMs: z.int().min(1_000).max(60_000).optional(),
  most: z.int().min(1).max(2_000).optional(),
});

/**
 * Asks what the gateway polls now: answered by `configuration`. Whoever pushes a configuration begins
 * with this one, since the gateway's own file is not known to the platform.
 */
const TellConfiguration = z.strictObject({ kind: z.literal("tell-configuration") });

/** Ends another command: a ramp stays where it is, a search ends with what it has found. */
const Cancel = z.strictObject({ kind: z.literal("cancel"), id: CommandId });

/** What somebody may order. */
export const CommandOrder = z.discriminatedUnion("kind", [
  SetPoint,
  Release,
  ReadNow,
  ScanTarget,
  TestRead,
  Trace,
  TellConfiguration,
  Cancel,
]);
export type CommandOrder = z.infer<typeof CommandOrder>;

/**
 * An order on `…/command`. It counts in the gateway's present session alone and until it expires,
 * once: the same id again is answered by the first result again. Times are Unix milliseconds.
 */
export const Command = z
  .strictObject({
    v: z.literal(1),
    id: CommandId,
    session: CommandSession,
    orderedBy: OrderedBy,
    at: Instant,
    expiresAt: Instant,
    what: CommandOrder,
  })
  .refine(({ at, expiresAt }) => expiresAt > at, { path: ["expiresAt"], error: "is not after at" })
  .refine(({ at, expiresAt }) => expiresAt - at <= longestCommandLifeMs, {
    path: ["expiresAt"],
    error: `is more than ${longestCommandLifeMs / 60_000} minutes after at`,
  });
export type Command = z.infer<typeof Command>;

/**
 * Somebody looks at the plant until then: send each slot at once instead of lingering. Nobody's order,
 * and without effect on the plant: it is bound to no session, and not answered.
 */
export const WatchCommand = z.strictObject({
  v: z.literal(1),
  id: CommandId,
  what: z.strictObject({ kind: z.literal("watch"), until: Instant }),
});
export type WatchCommand = z.infer<typeof WatchCommand>;

/** What a gateway is sent on `…/command`. */
export const GatewayCommand = z.union([WatchCommand, Command]);
export type GatewayCommand = z.infer<typeof GatewayCommand>;
