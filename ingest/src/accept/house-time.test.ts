import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { noon } from "../testing/frames.ts";
import { houseTime } from "./house-time.ts";

const minute = 60_000;
const hour = 60 * minute;
const year = 365 * 24 * hour;

describe("the clock of a house (D-14)", () => {
  test("is believed against one gateway that is ahead, once the house has listened", async () => {
    const { time } = await listening();
    time.hear("roof-1", noon + hour);

    expect(time.isDoubted("roof-1")).toBe(false);
  });

  test.each([11 * minute, hour, year])(
    "is doubted once it was set back by %i ms, and believed when it is right again",
    async (backMs) => {
      const { time, set, believed } = await listening();
      time.hear("roof-1", noon);
      expect(time.isDoubted("roof-1")).toBe(false);
      set(-backMs);

      expect(time.isDoubted("roof-1")).toBe(true);
      expect(time.stamp()).toBeGreaterThanOrEqual(noon);
      expect(believed()).toBe(0);
      set(0);
      time.hear("roof-1", noon);
      expect(time.isDoubted("roof-1")).toBe(false);
      expect(believed()).toBe(1);
    },
  );

  test("is doubted where it begins before what was heard in an earlier life", async () => {
    const { time } = begun(-hour);
    time.remember(noon + 1);

    expect(time.isDoubted("roof-1")).toBe(true);
    expect(time.stamp()).toBe(noon + 1);
  });

  test("of a house that was put back with all its memory is doubted as most gateways are ahead of it", async () => {
    const { time } = await listening();
    time.hear("roof-1", noon + hour);
    time.hear("roof-2", noon + hour);
    expect(time.isDoubted("roof-1")).toBe(true);

    time.hear("roof-3", noon);
    expect(time.isDoubted("roof-1")).toBe(false);
  });

  test("says nothing against a gateway before the house has heard the others", async () => {
    const { time, passes } = begun();
    expect(time.isDoubted("roof-1")).toBe(true);

    await passes(31_000);
    expect(time.isDoubted("roof-1")).toBe(false);
  });

  test("that was ahead and was put right is believed as soon as gateways agree with it", async () => {
    const { time, set } = await listening();
    set(year);
    expect(time.now()).toBeGreaterThan(noon + year);
    set(0);
    expect(time.isDoubted("roof-1")).toBe(true);
    time.hear("roof-2", noon);
    time.hear("roof-3", noon);

    expect(time.isDoubted("roof-1")).toBe(false);
    expect(time.stamp()).toBeLessThan(noon + hour);
  });

  test("does not ask gateways that have been silent since", async () => {
    const { time, passes } = await listening();
    time.hear("roof-1", noon + hour);
    time.hear("roof-2", noon + hour);
    await passes(2 * minute);

    expect(time.isDoubted("roof-1")).toBe(false);
  });
});

/** A house that has heard of its gateways for long enough. */
async function listening() {
  const house = begun();
  await house.passes(31_000);
  return house;
}

function begun(aheadMs = 0) {
  const pace = drivenClock(0);
  let ahead = aheadMs;
  let believed = 0;
  const time = houseTime({
    ...{ pace, log: pino({ level: "silent" }) },
    clock: { now: () => noon + pace.now() + ahead },
    onBelieved: () => {
      believed += 1;
    },
  });
  return {
    time,
    believed: () => believed,
    passes: (ms: number) => pace.advance(pace.now() + ms),
    set(ms: number) {
      time.now(); // it has been looked at until now
      ahead = ms;
    },
  };
}
