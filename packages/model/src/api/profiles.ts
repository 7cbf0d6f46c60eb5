import * as z from "zod";
import { DeviceKind } from "../telemetry/device-kind.ts";

/** A device profile in a list. */
export const ProfileSummary = z.object({
  id: z.string(),
  version: z.string(),
  vendor: z.string(),
  family: z.string(),
  kind: DeviceKind,
  protocol: z.enum(["modbus", "sunspec"]),
  models: z.array(z.string()),
  verification: z.enum(["field-tested", "cross-checked", "single-source", "unverified"]),
  points: z.int().nonnegative(),
  setPoints: z.int().nonnegative(),
});
export type ProfileSummary = z.infer<typeof ProfileSummary>;

export const ProfileList = z.object({ profiles: z.array(ProfileSummary) });
export type ProfileList = z.infer<typeof ProfileList>;

/** A point of a profile as people read it. */
export const ProfileRegister = z.object({
  name: z.string(),
  /** `holding 32080`, or the SunSpec points it is found by. */
  source: z.string(),
  type: z.string().optional(),
  unit: z.string(),
  scale: z.number().optional(),
  poll: z.enum(["fast", "normal", "slow", "once", "never"]),
  writable: z.boolean(),
  /** Confirmed by no source. */
  unverified: z.boolean(),
  note: z.string().optional(),
});
export type ProfileRegister = z.infer<typeof ProfileRegister>;

export const ProfileDetail = z.object({
  ...ProfileSummary.shape,
  note: z.string(),
  registers: z.array(ProfileRegister),
});
export type ProfileDetail = z.infer<typeof ProfileDetail>;
