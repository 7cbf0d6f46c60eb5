import * as z from "zod";
import { DeviceAnnouncement, GatewayStatus } from "../telemetry/announcement.ts";
import { DeviceKind } from "../telemetry/device-kind.ts";
import { DeviceTag, GatewayId } from "../telemetry/frame.ts";

/** PostgreSQL reads no JSON that has a zero character: one such name would stop every search. */
const Name = z
  .string()
  .min(1)
  .refine((text) => !text.includes("\0"), "has a zero character, which no database keeps");

/** A text in both interface languages; `zh` falls back to `en`. */
export const LocalText = z.object({ en: Name, zh: Name.optional() });
export type LocalText = z.infer<typeof LocalText>;

const TimeZone = z.string().refine(isTimeZone, "not an IANA time zone");

/** A PV plant or another site with equipment. Powers in watts. */
export const Plant = z.object({
  id: z.uuid(),
  /** Unique in its organisation; what people type. */
  code: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{0,39}$/,
      "has lower-case letters, digits and hyphens, at most 40, and does not begin with a hyphen",
    ),
  name: LocalText,
  timeZone: TimeZone,
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  altitudeM: z.number().min(-500).max(9_000),
  /** DC nameplate at standard test conditions. */
  dcPowerW: z.number().nonnegative(),
  /** Rated AC power. */
  acPowerW: z.number().nonnegative(),
  /** Power temperature coefficient, 1/°C; negative. */
  gammaPerC: z.number().max(0),
  commissioned: z.iso.date().optional(),
});
export type Plant = z.infer<typeof Plant>;

export const Device = z.object({
  id: z.uuid(),
  plant: z.uuid(),
  /** The gateway that polls it; absent for devices fed by replay alone. */
  gateway: GatewayId.optional(),
  /** Unique in its plant. */
  tag: DeviceTag,
  name: LocalText,
  kind: DeviceKind,
  /** Whether a meter stands at the grid connection: its export is the plant's. */
  atGrid: z.boolean(),
  ratedDcW: z.number().nonnegative().optional(),
  ratedAcW: z.number().nonnegative().optional(),
  /** What its gateway last said it is. */
  announcement: DeviceAnnouncement.optional(),
});
export type Device = z.infer<typeof Device>;

export const Gateway = z.object({
  id: GatewayId,
  plant: z.uuid(),
  /** What it last said of itself, and when ingest heard it (Unix milliseconds). */
  status: GatewayStatus.optional(),
  heardAt: z.int().optional(),
});
export type Gateway = z.infer<typeof Gateway>;

export const Role = z.enum(["administrator", "operator", "viewer"]);
export type Role = z.infer<typeof Role>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
