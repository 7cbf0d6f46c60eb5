import type { DeviceHistory } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { ringOf } from "../live/ring.ts";
import { confirmations } from "./confirmations.ts";
import { heldMs, recentMs, recentValues } from "./recent-values.ts";

const second = 1_000;
const now = 1_000 * recentMs;

describe("the last ten minutes of a register", () => {
  test("are there at once, from what was kept", () => {
    const confirmed = [{ from: now, to: now }];
    const values = recentValues(recent({ history: keptUntil(-5), confirmed }), now);

    expect(values).toHaveLength(121);
    expect(new Set(values)).toEqual(new Set([7]));
  });

  test("go on by what is heard", () => {
    const ring = ringOf(10);
    ring.push(now - 55 * second, 8);
    ring.push(now - 30 * second, 9);
    const confirmed = [{ from: now - 60 * second, to: now }];
    const values = recentValues(recent({ history: keptUntil(-60), ring, confirmed }), now);

    expect(values.slice(-12)).toEqual([8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9]);
  });

  test("hold a value that does not change, and end when it was last confirmed", () => {
    const ring = ringOf(10);
    ring.push(now - 3_600 * second, 0);
    const confirmed = [{ from: now - 3_600 * second, to: now - 300 * second }];
    const values = recentValues(recent({ ring, confirmed }), now);

    expect(values.slice(0, 61)).toEqual(Array(61).fill(0));
    expect(values.slice(61)).toEqual(Array(60).fill(null));
  });

  test("have no line from what was kept to what is confirmed after an outage", () => {
    const seen = confirmations(heldMs(second));
    for (const at of [-400, -398, -396, -20, -10, 0]) seen.note(now + at * second);
    const parts = { history: keptUntil(-395), confirmed: seen.stretches() };
    const values = recentValues(recent(parts), now);

    expect(values.slice(0, 41)).not.toContain(null);
    expect(new Set(values.slice(42, 116))).toEqual(new Set([null]));
    expect(values.slice(116)).toEqual(Array(5).fill(7));
  });

  test("go on without a seam from what was kept to what the page has seen", () => {
    const confirmed = [{ from: now - 50 * second, to: now }];

    expect(recentValues(recent({ history: keptUntil(-55), confirmed }), now)).not.toContain(null);
  });

  test("have a gap where nothing was kept, but none between the values of a slow point", () => {
    const slow = keptUntil(-5, 60);
    const gap = keptUntil(-5, 5, [300, 400]);

    const confirmed = [{ from: now, to: now }];

    expect(
      recentValues(recent({ history: slow, everyMs: 60 * second, confirmed }), now),
    ).not.toContain(null);
    const broken = recentValues(recent({ history: gap, everyMs: 5 * second }), now);
    expect(broken.filter((value) => value === null).length).toBeGreaterThan(15);
  });
});

describe("a coarser pace in the last ten minutes of a register", () => {
  test.each([
    ["is no gap before the present pace", [...every(60, -600, -240), ...every(5, -240, 0)]],
    ["is no gap behind the present pace", [...every(5, -600, -300), ...every(60, -300, 0)]],
    ["is no gap at the end, until the next value is due", every(60, -600, -50)],
  ])("%s", (_, seconds) => {
    const confirmed = [{ from: now, to: now }];
    const values = recentValues(recent({ history: keptAt(seconds), confirmed }), now);

    expect(values.slice(1)).not.toContain(null);
  });

  test.each([
    ["a single long silence is one", [...every(5, -600, -240), ...every(5, -120, 0)], []],
    [
      "what the server calls one is one, however regular",
      every(60, -600, 0),
      [{ from: now - 240 * second, to: now - 120 * second, reason: "unreachable" as const }],
    ],
  ])("leaves a gap a gap: %s", (_, seconds, gaps) => {
    const values = recentValues(recent({ history: keptAt(seconds, gaps) }), now);

    expect(values[80]).toBeNull();
    expect(values[20]).toBe(7);
  });
});

type Gaps = DeviceHistory["series"][number]["gaps"];
type Recent = Parameters<typeof recentValues>[0];

function recent(parts: Partial<Recent>): Recent {
  const none = { history: undefined, ring: undefined, confirmed: [] as const };
  return { point: "ac.power.active", everyMs: second, ...none, ...parts };
}

/** Seven, each so many seconds in buckets of five, up to `end` seconds; but not in the gap. */
function keptUntil(end: number, step = 5, [from, to] = [0, 0]): DeviceHistory {
  const seconds = every(step, -recentMs / second - step, end);
  return keptAt(seconds.filter((at) => -at < from || -at > to));
}

/** Seven in a bucket of five seconds at each of those seconds. */
function keptAt(seconds: readonly number[], gaps: Gaps = []): DeviceHistory {
  const start = seconds.map((at) => now + at * second);
  const sevens = start.map(() => 7);
  const columns = { min: sevens, max: sevens, avg: sevens, count: sevens };
  return {
    everyMs: 5 * second,
    series: [{ point: "ac.power.active", start, ...columns, gaps }],
  };
}

/** From the first second on; a bucket of five fits before the last. */
function every(step: number, from: number, to: number): number[] {
  const seconds: number[] = [];
  for (let at = from; at <= to - 5; at += step) seconds.push(at);
  return seconds;
}
