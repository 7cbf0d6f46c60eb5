import * as z from "zod";
import { Lane } from "./frame.ts";

/** So many hours of a lane a gateway tells of. */
export const mostHours = 25;

/**
 * What became of the numbers `from` to `to` that a gateway gave to a lane's frames in one hour of its
 * clock: `[hour, from, to, waiting, givenUp]`, the hour by its beginning, Unix milliseconds (D-13).
 */
export const HourCount = z.tuple([
  z.int(),
  z.int().positive(),
  z.int().positive(),
  z.int().nonnegative(),
  z.int().nonnegative(),
]);
export type HourCount = z.infer<typeof HourCount>;

/** What a gateway says of some of its numbers. */
export type SpanCount = {
  readonly produced: number;
  readonly waiting: number;
  readonly givenUp: number;
};

/** What a store has of the same numbers. */
export type SpanAccount = {
  /** All that were dealt with, whatever became of them. */
  readonly settled: number;
  /** Of those: in quarantine, and given up by the gateway. */
  readonly quarantined: number;
  readonly givenUp: number;
};

/**
 * Numbers of a lane as gateway and store together account for them:
 * `produced = stored + quarantined + givenUp + waiting + missing`.
 */
export const Balance = z.object({
  lane: Lane,
  /** The beginning of their hour, Unix milliseconds; absent: all since the outbox began. */
  hour: z.int().optional(),
  produced: z.int().nonnegative(),
  /**
   * Settled, and neither in quarantine nor given up: the same commit has stored them, as frames or aside
   * since another holds their place. The frames themselves are not counted.
   */
  stored: z.int().nonnegative(),
  quarantined: z.int().nonnegative(),
  givenUp: z.int().nonnegative(),
  /** Still in the outbox, or on their way. */
  waiting: z.int().nonnegative(),
  /** What the gateway was told is settled, and is not settled in the store. */
  missing: z.int().nonnegative(),
});
export type Balance = z.infer<typeof Balance>;

/**
 * The balance of numbers of which the gateway spoke before the store was asked. What the store has taken
 * since is no difference: the gateway just was not told yet. (D-13)
 */
export function balanceOf(
  { produced, waiting, givenUp }: SpanCount,
  account: SpanAccount,
): Omit<Balance, "lane" | "hour"> {
  const { quarantined } = account;
  const taken = account.settled - account.givenUp;
  const missing = Math.max(0, produced - waiting - givenUp - taken);
  // Some may be stored all the same: given up before an ack told so.
  const lost = Math.min(Math.max(givenUp, account.givenUp), Math.max(0, produced - taken));
  return {
    ...{ produced, quarantined, missing },
    stored: Math.max(0, taken - quarantined),
    givenUp: lost,
    waiting: Math.max(0, produced - taken - lost - missing),
  };
}

/**
 * The balance of a lane as a whole, in the light of its hours: in an hour of which nothing waits no arrival
 * since the gateway spoke can stand for what is lost, as it can in the whole. (D-13)
 */
export function withHours(whole: Balance, hours: readonly Balance[]): Balance {
  const unaccounted = whole.waiting + whole.missing;
  const ofHours = hours.reduce((sum, { missing }) => sum + missing, 0);
  const missing = Math.min(unaccounted, Math.max(whole.missing, ofHours));
  return { ...whole, waiting: unaccounted - missing, missing };
}
