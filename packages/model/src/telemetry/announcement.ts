import * as z from "zod";
import { RefusedLayouts } from "./ack.ts";
import { CodeSeverity } from "./code-severity.ts";
import { CommandSession } from "./command.ts";
import { ConfigurationState } from "./configuration.ts";
import { HourCount, mostHours } from "./conservation.ts";
import { DeviceTag, Flag, Lane, Value } from "./frame.ts";
import { LayoutHash } from "./layout.ts";
import { OperatingState } from "./operating-state.ts";

/** What a bit of a point says when it is set. */
export const AnnouncedBit = z.object({
  /** In the maker's own words. */
  label: z.string(),
  severity: CodeSeverity.optional(),
  /** The maker's number of the alarm. */
  code: z.int().optional(),
});
export type AnnouncedBit = z.infer<typeof AnnouncedBit>;

/** How one point of a device is read: what the engineer's columns of the register table show. */
export const AnnouncedPoint = z.object({
  name: z.string().min(1).max(80),
  unit: z.string().max(12),
  kind: z.enum(["gauge", "counter", "daily", "monthly", "yearly", "state", "text", "setpoint"]),
  lane: Lane,
  /** The expected interval T that freshness is judged by. */
  everyMs: z.int().positive(),
  /** Where it is read, as text for people: `holding 40083 int16 ×10^W_SF`, `103:W`. */
  source: z.string().max(120).optional(),
  /**
   * Canonical units a count of the register: its value is the count times this. Absent where it is no
   * fixed number – a float, or a factor that the device says itself – and from an older gateway.
   */
  scale: z.number().positive().optional(),
  /** State code to label, when the profile has a table. */
  states: z.record(z.string(), z.string()).optional(),
  /** State code to the word that all makers share, for the codes that have one. */
  commonStates: z.record(z.string(), OperatingState).optional(),
  /** State code to how grave it is, for the codes of which the profile says it. */
  severities: z.record(z.string(), CodeSeverity).optional(),
  /** What each bit of the value means, by its number from 0, when the profile has a table. */
  bits: z.record(z.string(), AnnouncedBit).optional(),
});
export type AnnouncedPoint = z.infer<typeof AnnouncedPoint>;

/** Retained on `…/devices/{tag}`: what a device is and how it is read. */
export const DeviceAnnouncement = z.object({
  v: z.literal(1),
  tag: DeviceTag,
  at: z.int(),
  profile: z.object({ id: z.string(), version: z.string() }),
  kind: z.enum(["inverter", "meter", "battery", "sensor", "logger"]),
  /** Identity and other texts, by point name. */
  texts: z.record(z.string(), z.string()),
  points: z.array(AnnouncedPoint).max(4_000),
});
export type DeviceAnnouncement = z.infer<typeof DeviceAnnouncement>;

const LaneCount = z.object({
  /** Frames written to the outbox since its epoch began. */
  produced: z.int().nonnegative(),
  acknowledged: z.int().nonnegative(),
  givenUp: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
  /** The same by hours, the oldest first: those that the gateway has seen since it started. */
  hours: z.array(HourCount).max(mostHours).optional(),
});

/**
 * Whether a gateway reaches a device, and since when (Unix milliseconds). `asleep`: it answers zeros
 * or not at all, as its kind does in the dark; that is no fault.
 */
export const DeviceReach = z.object({
  state: z.enum(["reachable", "unreachable", "connecting", "asleep"]),
  since: z.int(),
  /** The last failure in words, where there is one. */
  reason: z.string().max(300).optional(),
});
export type DeviceReach = z.infer<typeof DeviceReach>;

/** What the gateway's own file permits the platform. */
export const GatewayPermissions = z.object({
  /** Set-points that may be written: device and point, either with a trailing `*`. */
  set: z.array(z.object({ device: z.string(), point: z.string() })).max(200),
  /** Networks and lines that may be searched; absent where nothing may. */
  onboarding: z.array(z.string()).max(200).optional(),
});
export type GatewayPermissions = z.infer<typeof GatewayPermissions>;

/**
 * How far a gateway's clock can be trusted (D-14). `by`: whose word it is; `platform` where nothing on its
 * machine can tell, `nobody` while not even the platform's time has been heard.
 */
const GatewayClock = z.object({
  state: z.enum(["synced", "unsynced"]),
  by: z.enum(["setting", "system", "platform", "nobody"]),
  /** How far it was ahead of the platform's when that was last heard, milliseconds. */
  offsetMs: z.int().optional(),
  /** The last correction of frames that were not sent yet. */
  corrected: z
    .object({
      at: z.int(),
      frames: z.int().nonnegative(),
      /** The greatest step that a frame's time was moved by, milliseconds. */
      byMs: z.int(),
    })
    .optional(),
});

/** Retained on `…/status`; the last will says `offline`. */
export const GatewayStatus = z.object({
  v: z.literal(1),
  state: z.enum(["online", "offline"]),
  /** When it was said; absent in a last will, which is written before it happens. */
  at: z.int().optional(),
  version: z.string().optional(),
  epoch: z.uuid().optional(),
  lanes: z.partialRecord(Lane, LaneCount).optional(),
  devices: z.record(DeviceTag, DeviceReach).optional(),
  /** What a command has to bear to be obeyed now. */
  session: CommandSession.optional(),
  allows: GatewayPermissions.optional(),
  configuration: ConfigurationState.optional(),
  /**
   * How large its outbox may grow, bytes, and how long it can go on keeping everything while nobody takes
   * it, milliseconds (D-8); absent until it has seen how much comes in.
   */
  outbox: z
    .object({ mostBytes: z.int().positive(), holdMs: z.int().nonnegative().optional() })
    .optional(),
  /** Layouts that the platform cannot use: rows of them go to quarantine there (D-6). */
  refusedLayouts: RefusedLayouts.optional(),
  clock: GatewayClock.optional(),
  /** Until when the certificate is valid that the broker has shown to it, Unix milliseconds; absent without TLS. */
  certificateUntil: z.int().optional(),
});
export type GatewayStatus = z.infer<typeof GatewayStatus>;

/**
 * What ingest tells the api on `_live/{organisation}/{plant}` once frames are stored. `arrival` is
 * ingest's time of acceptance.
 */
export const LiveMessage = z.object({
  v: z.literal(1),
  arrival: z.int(),
  /** `[device id, layout, at, values, quality?]` */
  frames: z.array(
    z.tuple([
      z.string(),
      LayoutHash,
      z.int(),
      z.array(Value),
      z.record(z.string(), Flag).optional(),
    ]),
  ),
});
export type LiveMessage = z.infer<typeof LiveMessage>;
