import type { RegisterPoint } from "./register-point.ts";

export type RefusedPoints = Pick<ReadonlyMap<RegisterPoint, unknown>, "has" | "size" | "keys">;

/** What a device has refused, and which of it is worth asking for again. */
export interface Refusals {
  /** Not asked for until `forget`: optional, refused, and never answered. */
  readonly missing: Set<RegisterPoint>;
  /** Promised or answered before, and refused: asked for alone, with rests, until it answers. */
  readonly refused: RefusedPoints;
  /** Those of them whose turn it is not. */
  resting(): RegisterPoint[];
  /** Whether it was ever answered; with no point, whether anything was. */
  hasAnswered(point?: RegisterPoint): boolean;
  /** A round begins; whether a rest is over. */
  begin(): boolean;
  /** Notes points that were answered; whether one of them had been refused. */
  answered(points: Iterable<RegisterPoint>): boolean;
  /** Notes a refusal; whether the point is one that the device may do without. */
  refuse(point: RegisterPoint): boolean;
  /** The round in which they were refused told nothing: as if they had not been. */
  takeBack(points: Iterable<RegisterPoint>): void;
  /** The device may have changed; what it answered before counts all the same. */
  forget(): void;
}

/** A point may be refused so often in a row before it rests. */
const calmRefusals = 2;
/** The longest rest, in rounds: a minute at one a second. */
const longestRest = 64;

/**
 * A register that was answered before is never given up: an inverter may refuse by night, or while it
 * starts, what it serves by day. Its rests grow from 2 rounds to 64, so that many of them cost little.
 */
export function refusals(): Refusals {
  const missing = new Set<RegisterPoint>();
  const known = new WeakSet<RegisterPoint>();
  let isAnything = false;
  const refused = new Map<RegisterPoint, { times: number; until: number }>();
  let rounds = 0;
  let nextEnd = Number.POSITIVE_INFINITY;

  const isResting = (point: RegisterPoint) => (refused.get(point)?.until ?? 0) > rounds;
  const noteEnds = () => {
    nextEnd = Number.POSITIVE_INFINITY;
    for (const { until } of refused.values()) {
      if (until > rounds) nextEnd = Math.min(nextEnd, until);
    }
  };

  return {
    missing,
    refused,
    resting: () => [...refused.keys()].filter(isResting),
    hasAnswered: (point) => (point ? known.has(point) : isAnything),
    begin() {
      rounds += 1;
      if (rounds < nextEnd) return false;
      noteEnds();
      return true;
    },
    answered(points) {
      isAnything = true;
      let isBack = false;
      for (const point of points) {
        known.add(point);
        if (refused.delete(point)) isBack = true;
      }
      return isBack;
    },
    refuse(point) {
      if (point.optional && !known.has(point)) {
        missing.add(point);
        return true;
      }
      const times = (refused.get(point)?.times ?? 0) + 1;
      const rest = times <= calmRefusals ? 0 : Math.min(2 ** (times - calmRefusals), longestRest);
      refused.set(point, { times, until: rest === 0 ? rounds : rounds + rest + 1 });
      noteEnds();
      return false;
    },
    takeBack(points) {
      for (const point of points) {
        missing.delete(point);
        refused.delete(point);
      }
    },
    forget() {
      missing.clear();
      refused.clear();
      nextEnd = Number.POSITIVE_INFINITY;
    },
  };
}
