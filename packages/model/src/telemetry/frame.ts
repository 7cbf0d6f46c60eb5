import * as z from "zod";

/** Registers that bills rest on travel apart from everything else: neither lane can hold up the other. */
export const Lane = z.enum(["counters", "values"]);
export type Lane = z.infer<typeof Lane>;

/** How far the gateway's own clock can be trusted (D-14). */
export const ClockState = z.enum(["synced", "unsynced", "corrected"]);
export type ClockState = z.infer<typeof ClockState>;

/** Why a value is not good. A good value has no flag. */
export const Flag = z.enum(["notImplemented", "failed", "invalid", "suspect", "substituted"]);
export type Flag = z.infer<typeof Flag>;

/** A number, a decimal string for counters beyond 2^53, or `null` with a flag: never 0 for missing. */
export const Value = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/), z.null()]);
export type Value = z.infer<typeof Value>;

/** Position in the layout to flag, only for values that are not good. */
export type Quality = Readonly<Record<number, Flag>>;

/** One poll of one device in one lane. */
export type Frame = {
  /** The device's tag, unique in its plant. */
  readonly device: string;
  /** Grows by one per frame within an epoch and lane, without holes; from 1. */
  readonly sequence: number;
  /** The hash that names the points and their order. */
  readonly layout: string;
  /** Unix milliseconds of the poll's slot by the gateway's clock. */
  readonly at: number;
  readonly clock: ClockState;
  readonly values: readonly Value[];
  readonly quality?: Quality;
};

/** Names a device within its plant, in topics and frames. */
export const DeviceTag = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/** Names a gateway for the whole installation; begins with a letter or digit, unlike internal topics. */
export const GatewayId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
