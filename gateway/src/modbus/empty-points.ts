import { cataloguePoint } from "@sunledger/model/points";
import type { Said } from "./plain-value.ts";
import type { RegisterPoint } from "./register-point.ts";
import type { Row } from "./row.ts";

/** Which optional points a device has no value for, and when they are worth asking for. */
export interface EmptyPoints {
  /** Whether it had no value for a whole day: it is missing when it has none again. */
  has(point: RegisterPoint): boolean;
  /** Whether it is missing, and asked for once more all the same. */
  isOnTrial(point: RegisterPoint): boolean;
  /** Takes in what a round said, and takes trials without a value out of it; whether it changes what is asked for. */
  heard(decoded: Row<RegisterPoint, Said>): boolean;
  /** Notes a refusal; whether the point was on trial, which is over then. */
  refused(point: RegisterPoint): boolean;
  /** A point that is missing for another reason now. */
  drop(point: RegisterPoint): void;
  /** Asks once more for those that are missing; whether there are any. */
  tryAgain(): boolean;
  /** A day begins, and nothing is missing. */
  nextDay(): void;
}

/** So many calls of `nextDay` may follow less than a day: at the connection and at the midnight after. */
const partDays = 2;

/** `missing`: what is not asked for, to which it adds. */
export function emptyPoints(missing: Set<RegisterPoint>): EmptyPoints {
  const barren = new Set<RegisterPoint>();
  const onTrial = new Set<RegisterPoint>();
  /** What has had a value. */
  const alive = new Set<RegisterPoint>();
  /** What has had none today. */
  const empty = new Set<RegisterPoint>();
  let days = 0;

  const cameAlive = (point: RegisterPoint): boolean => {
    alive.add(point);
    empty.delete(point);
    if (onTrial.delete(point)) missing.delete(point);
    return barren.delete(point);
  };

  const stayedEmpty = (point: RegisterPoint): boolean => {
    if (alive.has(point)) return false;
    empty.add(point);
    if (!barren.has(point)) return false;
    onTrial.delete(point);
    missing.add(point);
    return true;
  };

  const learn = (point: RegisterPoint, result: Said): boolean => {
    const flag = "flag" in result ? result.flag : undefined;
    // A failure says nothing of it.
    if (!point.optional || flag === "failed") return false;
    return flag === "notImplemented" ? stayedEmpty(point) : cameAlive(point);
  };

  return {
    has: (point) => barren.has(point),
    isOnTrial: (point) => onTrial.has(point),
    heard(decoded) {
      const tried = [...onTrial];
      let isNew = false;
      decoded.forEach((result, point) => {
        if (learn(point, result)) isNew = true;
      });
      for (const point of tried) if (missing.has(point)) decoded.delete(point);
      return isNew;
    },
    refused: (point) => onTrial.delete(point) && barren.delete(point),
    drop: (point) => void barren.delete(point),
    tryAgain() {
      for (const point of barren) if (missing.has(point)) onTrial.add(point);
      return onTrial.size > 0;
    },
    nextDay() {
      // A part of a day may be a night, in which some devices show nothing.
      const isWhole = days >= partDays;
      for (const point of empty) if (isWhole && !isCounter(point)) barren.add(point);
      days += 1;
      empty.clear();
      onTrial.clear();
    },
  };
}

/** Its marker for none is often 0, which is what it says before it has begun to count. */
function isCounter({ name }: RegisterPoint): boolean {
  return cataloguePoint(name)?.kind === "counter";
}
