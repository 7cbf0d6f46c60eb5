import { zoneOffset } from "@sunledger/model/performance";

const hour = 3_600_000;

/** What the clock on the wall shows. */
export type WallTime = {
  /** Hours since midnight, with their part. */
  readonly hours: number;
  /** Sunday is 0. */
  readonly weekday: number;
};

/** The clock on the wall of a zone. */
export function wallClock(timeZone: string): (at: number) => WallTime {
  // The zone's offset changes at whole quarter hours; looking it up for every step would cost most of a run.
  let known = { slot: Number.NaN, offset: 0 };
  return (at) => {
    const slot = Math.floor(at / (hour / 4));
    if (slot !== known.slot) known = { slot, offset: zoneOffset(at, timeZone) };
    const wall = at + known.offset;
    const days = Math.floor(wall / (24 * hour));
    // 1970-01-01 was a Thursday.
    return { hours: (wall - days * 24 * hour) / hour, weekday: (((days + 4) % 7) + 7) % 7 };
  };
}
