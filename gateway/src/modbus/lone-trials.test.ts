import { drivenClock } from "@sunledger/runtime";
import { describe, expect, test } from "vitest";
import { loneTrials } from "./lone-trials.ts";

const never = new AbortController().signal;

const time = { fullMs: 5_000, isPatient: false, isFresh: false };

describe("trials of dead devices on one line (gateway trait 7)", () => {
  test("never run two at once", async () => {
    const trials = loneTrials({ clock: drivenClock(0), heard: () => undefined });
    let running = 0;
    let most = 0;
    const trial = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      throw new Error("no answer");
    };

    const all = await Promise.allSettled([1, 2, 3].map(() => trials.run(trial, time, never)));

    expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(most).toBe(1);
  });

  test("the rest after a failed one ends with the signal", async () => {
    const clock = drivenClock(0);
    const trials = loneTrials({ clock, heard: () => undefined });
    const stopping = new AbortController();
    const slow = async () => {
      await clock.advance(3_600_000);
      throw new Error("no answer");
    };
    await expect(trials.run(slow, time, stopping.signal)).rejects.toThrow("no answer");
    const next = trials.run(async () => "answered", time, never);

    stopping.abort();

    expect(await next).toBe("answered");
  });

  test("whoever goes away does not wait for the rests of others, nor holds up who comes after", async () => {
    const clock = drivenClock(0);
    const trials = loneTrials({ clock, heard: () => undefined });
    const [dead, going] = [new AbortController(), new AbortController()];
    const slow = async () => {
      await clock.advance(3_600_000);
      throw new Error("no answer");
    };
    await expect(trials.run(slow, time, dead.signal)).rejects.toThrow("no answer");
    let isTried = false;
    const tried = async () => {
      isTried = true;
    };
    const gone = trials.run(tried, time, going.signal);
    const next = trials.run(async () => "answered", time, never);

    going.abort();

    await expect(gone).rejects.toThrow("stopped");
    dead.abort();
    expect(await next).toBe("answered");
    expect(isTried).toBe(false);
  });

  test("of one that answered until just now comes at once, and has all of the device's time", async () => {
    const trials = loneTrials({ clock: drivenClock(0), heard: () => ({ at: 0, latencyMs: 60 }) });
    const dead = async () => {
      throw new Error("no answer");
    };
    await expect(trials.run(dead, time, AbortSignal.timeout(5_000))).rejects.toThrow("no answer");

    const fresh = trials.run(async (timeoutMs) => timeoutMs, { ...time, isFresh: true }, never);
    expect(await Promise.race([fresh, new Promise((late) => setImmediate(late))])).toBe(5_000);
  });

  test("wait for a few times what the others take, and seldom for all of the device's time", async () => {
    const clock = drivenClock(0);
    const line = { at: 0, latencyMs: 60 };
    const trials = loneTrials({ clock, heard: () => line });
    const waitedFor = (isPatient: boolean) =>
      trials.run(async (timeoutMs) => timeoutMs, { ...time, isPatient }, never);

    expect(await waitedFor(true)).toBe(240);
    await clock.advance(500_000);
    line.at = clock.now();
    expect(await waitedFor(false)).toBe(240);
    expect(await waitedFor(true)).toBe(5_000);
    expect(await waitedFor(true)).toBe(240);

    line.latencyMs = 6;
    expect(await waitedFor(false)).toBe(100);
    line.latencyMs = 2_000;
    expect(await waitedFor(false)).toBe(1_000);
  });
});
