import { describe, expect, test } from "vitest";
import { drivenClock } from "./driven-clock.ts";

const signal = new AbortController().signal;

describe("a driven clock", () => {
  test("stands still until it is advanced", async () => {
    const clock = drivenClock(1_000);
    let woken = 0;
    void clock.wait(50).then(() => {
      woken = clock.now();
    });

    await clock.advance(1_049);
    expect([clock.now(), woken]).toEqual([1_049, 0]);
    await clock.advance(1_050);
    expect(woken).toBe(1_050);
  });

  test("runs a task at each multiple, at that time, one after the other", async () => {
    const clock = drivenClock(950);
    const slots: [number, number][] = [];
    clock.every(100, async (slot) => void slots.push([slot, clock.now()]), signal);

    await clock.advance(1_250);

    expect(slots).toEqual([
      [1_000, 1_000],
      [1_100, 1_100],
      [1_200, 1_200],
    ]);
    expect(clock.now()).toBe(1_250);
  });

  test("has done what is due when advance resolves, even if it takes its while", async () => {
    const clock = drivenClock(0);
    const done: number[] = [];
    clock.every(
      10,
      async (slot) => {
        await new Promise((resolve) => setImmediate(resolve));
        done.push(slot);
      },
      signal,
    );

    await clock.advance(30);

    expect(done).toEqual([10, 20, 30]);
  });

  test("does what is due at one instant side by side, before what is due later", async () => {
    const clock = drivenClock(0);
    const began: string[] = [];
    let all = () => {};
    const both = new Promise<void>((resolve) => {
      all = resolve;
    });
    for (const name of ["a", "b"]) {
      clock.every(
        10,
        async (slot) => {
          began.push(`${name}${slot}`);
          if (began.length === 2) all();
          await both;
        },
        signal,
      );
    }

    await clock.advance(20);

    expect(began).toEqual(["a10", "b10", "a20", "b20"]);
  });

  test("counts a pause within a task as passed", async () => {
    const clock = drivenClock(0);
    const ends: number[] = [];
    clock.every(
      10,
      async () => {
        await clock.pause(50);
        ends.push(clock.now());
      },
      signal,
    );

    await clock.advance(20);

    expect(ends).toEqual([10, 20]);
  });

  test("lets a loop of waits pass through all its turns", async () => {
    const clock = drivenClock(0);
    const turns: number[] = [];
    const loop = async () => {
      for (let i = 0; i < 5; i += 1) {
        await clock.wait(10);
        turns.push(clock.now());
      }
    };
    void loop();

    await clock.advance(100);

    expect(turns).toEqual([10, 20, 30, 40, 50]);
  });

  test("ends a wait when its signal is aborted", async () => {
    const clock = drivenClock(0);
    const stop = new AbortController();
    const waiting = clock.wait(1_000, stop.signal);
    stop.abort();

    await expect(waiting).resolves.toBeUndefined();
  });

  test("does not stand still for what may wait, and then has all of its slots", async () => {
    const clock = drivenClock(0);
    const slots: number[] = [];
    clock.every(15, async (slot) => void slots.push(slot), signal, { mayWait: true });
    void clock.wait(20, signal, { mayWait: true }).then(() => slots.push(clock.now()));
    expect(clock.nextDue()).toBeUndefined();
    clock.every(60, () => {}, signal);
    expect(clock.nextDue()).toBe(60);

    await clock.advance(60);
    expect(slots).toEqual([15, 20, 30, 45, 60]);
  });

  test("leaves out the slots that it skips, and ends the waits", async () => {
    const clock = drivenClock(0);
    const slots: number[] = [];
    let woken = 0;
    clock.every(10, (slot) => void slots.push(slot), signal);
    clock.every(40, (slot) => void slots.push(slot), signal);
    void clock.wait(15).then(() => {
      woken = clock.now();
    });

    await clock.advance(10);
    await clock.skip(70);
    expect([slots, woken, clock.now()]).toEqual([[10, 70], 15, 70]);
    await clock.advance(80);

    expect(slots).toEqual([10, 70, 80, 80]);
  });

  test("knows when something is due next", async () => {
    const clock = drivenClock(1_950);
    expect(clock.nextDue()).toBeUndefined();
    clock.every(1_000, () => {}, signal);
    const woken = clock.wait(150);
    expect(clock.nextDue()).toBe(2_000);

    await clock.advance(2_000);
    expect(clock.nextDue()).toBe(2_100);
    await clock.advance(2_100);
    await woken;
    expect(clock.nextDue()).toBe(3_000);
  });

  test("never goes back", async () => {
    const clock = drivenClock(500);
    await clock.advance(100);

    expect(clock.now()).toBe(500);
  });
});
