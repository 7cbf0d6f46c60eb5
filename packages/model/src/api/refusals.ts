import * as z from "zod";
import { Flag, Lane, Value } from "../telemetry/frame.ts";
import { GivenUp } from "../telemetry/message.ts";
import { QuarantineCode } from "../telemetry/quarantine-code.ts";

/** Rows that could not be used (D-6), of one gateway and lane and for one reason. */
export const QuarantineEntry = z.object({
  gateway: z.string(),
  /** Where they arrived. */
  topic: z.string(),
  lane: Lane,
  code: QuarantineCode,
  /** What exactly is wrong, in English. */
  reason: z.string(),
  /** How often such a row came; a numbered one that is sent again is the same. */
  count: z.int().positive(),
  /** When the first and the newest of them were taken, Unix milliseconds. */
  firstAt: z.int(),
  lastAt: z.int(),
  /** How the payload of the newest begins. */
  excerpt: z.string(),
});
export type QuarantineEntry = z.infer<typeof QuarantineEntry>;

/** Newest first. */
export const QuarantinePage = z.object({
  items: z.array(QuarantineEntry),
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type QuarantinePage = z.infer<typeof QuarantinePage>;

/** A value and its flag; absent is good. */
const Told = z.object({ value: Value, flag: Flag.optional() });

/** A second, different value of a point at one time (D-5). */
export const ConflictEntry = z.object({
  device: z.object({ id: z.string(), tag: z.string().nullable() }),
  point: z.string(),
  /** Unix milliseconds. */
  at: z.int(),
  /** When the refused one was taken, Unix milliseconds. */
  arrival: z.int(),
  /** What holds; `null` when that is there no more. */
  kept: Told.nullable(),
  refused: Told,
});
export type ConflictEntry = z.infer<typeof ConflictEntry>;

/** Newest first; a page has whole frames, each with all the points that differ. */
export const ConflictPage = z.object({
  items: z.array(ConflictEntry),
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type ConflictPage = z.infer<typeof ConflictPage>;

/** Frames that a gateway gave up before they were stored (D-9), or no longer had after a restore (D-15). */
export const GapEntry = GivenUp.extend({
  gateway: z.string(),
  lane: Lane,
  /** When it was told, Unix milliseconds. */
  arrival: z.int(),
});
export type GapEntry = z.infer<typeof GapEntry>;

/** The newest measured first. */
export const GapPage = z.object({
  items: z.array(GapEntry),
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type GapPage = z.infer<typeof GapPage>;
