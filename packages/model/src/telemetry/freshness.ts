import * as z from "zod";

/**
 * How old a value is against the interval it is expected in. `offline` and `asleep` are known by the
 * gateway's word: a device that sleeps in the dark, as its kind does, grows old without a failing.
 * `imported` is what grew old on a device that no gateway polls: nobody can miss it.
 */
export const Freshness = z.enum([
  "live",
  "late",
  "asleep",
  "stale",
  "offline",
  "imported",
  "never",
]);
export type Freshness = z.infer<typeof Freshness>;

/** Up to so many expected intervals a value is live, and up to so many late. */
export const liveIntervals = 2;
export const lateIntervals = 5;

/** A gateway that is connected tells its status anew each so many ms. */
export const statusEveryMs = 15_000;

/**
 * The freshness of a value of time `at` at `now`, both Unix milliseconds of the server. A value from
 * the future is live: only its gateway's clock runs fast.
 */
export function freshnessOf(at: number | null, everyMs: number, now: number): Freshness {
  if (at === null) return "never";
  const age = now - at;
  if (age <= liveIntervals * everyMs) return "live";
  return age <= lateIntervals * everyMs ? "late" : "stale";
}

const freshestFirst = Freshness.options;
const worstFirst: readonly Freshness[] = [
  "offline",
  "stale",
  "never",
  "late",
  "asleep",
  "live",
  "imported",
];

/** The state of several together that is as fresh as the freshest of them; `never` of none. */
export function freshestOf(states: Iterable<Freshness>): Freshness {
  const all = new Set(states);
  return freshestFirst.find((state) => all.has(state)) ?? "never";
}

/**
 * How fresh several devices are together: as the freshest, and what was imported counts only where
 * there is nothing else. They are asleep only when all that was ever heard sleeps: one that is silent
 * beside sleepers makes them stale, for it is missed.
 */
export function togetherOf(states: Iterable<Freshness>): Freshness {
  const all = [...states];
  const polled = all.filter((state) => state !== "imported");
  const freshest = freshestOf(polled.length > 0 ? polled : all);
  const isMissed = polled.includes("stale") || polled.includes("offline");
  return freshest === "asleep" && isMissed ? "stale" : freshest;
}

/** The one that most wants to be looked at; `never` of none. */
export function worstOf(states: Iterable<Freshness>): Freshness {
  const all = new Set(states);
  return worstFirst.find((state) => all.has(state)) ?? "never";
}

/** The rank of a state where the worst stands first: the smaller the worse. */
export function worstRank(state: Freshness): number {
  return worstFirst.indexOf(state);
}
