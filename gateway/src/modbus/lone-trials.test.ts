import { drivenClock } from "@sunledger/runtime";
import { describe, expect, test } from "vitest";
import { loneTrials } from "./lone-trials.ts";

const never = new AbortController().signal;

describe("trials of dead devices on one line (gateway trait 7)", () => {
  test("never run two at once", async () => {
    const trials = loneTrials(drivenClock(0));
    let running = 0;
    let most = 0;
    const trial = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      throw new Error("no answer");
    };

    const all = await Promise.allSettled([1, 2, 3].map(() => trials.run(trial, never)));

    expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(most).toBe(1);
  });

  test("the rest after a failed one ends with the signal", async () => {
    const clock = drivenClock(0);
    const trials = loneTrials(clock);
    const stopping = new AbortController();
    const slow = async () => {
      await clock.advance(3_600_000);
      throw new Error("no answer");
    };
    await expect(trials.run(slow, stopping.signal)).rejects.toThrow("no answer");
    const next = trials.run(async () => "answered", stopping.signal);

    stopping.abort();

    expect(await next).toBe("answered");
  });
});
