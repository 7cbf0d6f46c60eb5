import * as z from "zod";

/** Something that is wrong with a device or a gateway, and for how long: what alarms are made of. */
export const ConditionEntry = z.object({
  /** The device's or gateway's id. */
  subject: z.string(),
  /** What is wrong, as `rollup_mismatch` or `frames_missing`. */
  kind: z.string(),
  /** Of which part of the subject: a point, a lane. */
  channel: z.string(),
  /** Unix milliseconds. */
  start: z.int(),
  /** `null` while it lasts. */
  end: z.int().nullable(),
  /** When it was found first, Unix milliseconds. */
  foundAt: z.int(),
  /** What it was seen by. */
  evidence: z.record(z.string(), z.unknown()),
});
export type ConditionEntry = z.infer<typeof ConditionEntry>;

/** Newest first. */
export const ConditionPage = z.object({
  items: z.array(ConditionEntry),
  /** Whether there are older ones in the stretch. */
  more: z.boolean(),
});
export type ConditionPage = z.infer<typeof ConditionPage>;
