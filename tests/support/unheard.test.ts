import { describe, expect, test } from "vitest";
import { accountOf, type StoredPoint } from "../../simulators/src/ledger/account.ts";
import type { Served } from "../../simulators/src/ledger/read-ledger.ts";
import { withoutUnheard } from "./unheard.ts";

const seconds = (n: number) => 1_780_000_020_000 + n * 1_000;
/** The first two come with one answer, the third with the next. */
const answers: Readonly<Record<string, number>> = {
  "dc.power": 30,
  "dc.current": 30,
  "ac.power": 60,
};
const all = Object.keys(answers);
const together = ["dc.power", "dc.current"];

type Poll = {
  readonly lost: readonly string[];
  readonly flag?: "failed" | "invalid";
  /** Behind the slot of the poll, milliseconds; `null`: the gateway tells of nothing. */
  readonly givenUpAfter?: number | null;
};

describe("values that were served and are in no frame", () => {
  test.each([
    ["one of a hundred", 100, 1],
    ["two of a hundred", 100, 2],
    ["three of five", 5, 3],
    ["twenty of four hundred", 400, 20],
  ])(
    "are counted as unheard where it happened to whole answers now and then: %s",
    (_what, polls, times) => {
      expect(judged(polls, times, { lost: together })).toEqual({ told: 0, unheard: times * 2 });
    },
  );

  test.each([
    ["the only one", 1, 1],
    ["both", 2, 2],
    ["four of five", 5, 4],
    ["twenty-one of four hundred", 400, 21],
    ["all", 100, 100],
  ])("are told where it happens again and again: %s", (_what, polls, times) => {
    expect(judged(polls, times, { lost: all })).toEqual({ told: times * 3, unheard: 0 });
  });

  test("are told where another value of the same answer was heard", () => {
    expect(judged(100, 1, { lost: ["dc.power"] })).toEqual({ told: 1, unheard: 0 });
  });

  test("are told where the answer was heard, and its values were not understood", () => {
    expect(judged(100, 1, { lost: together, flag: "invalid" })).toEqual({ told: 2, unheard: 0 });
  });

  test("are told where each tenth poll has none", () => {
    expect(judged(100, 10, { lost: all })).toEqual({ told: 30, unheard: 0 });
    expect(judged(100, 10, { lost: ["ac.power"], flag: "invalid" })).toEqual({
      told: 10,
      unheard: 0,
    });
  });

  test("are told where the gateway says nothing of an answer that it did not hear", () => {
    expect(judged(100, 1, { lost: all, givenUpAfter: null })).toEqual({ told: 3, unheard: 0 });
    expect(judged(100, 1, { lost: all, givenUpAfter: 10 })).toEqual({ told: 3, unheard: 0 });
    expect(judged(100, 1, { lost: all, givenUpAfter: 5_100 })).toEqual({ told: 3, unheard: 0 });
  });

  test("are told of a point of which no value is left", () => {
    const device = stored(100, 2, { lost: all }).map((one) =>
      one.point === "ac.power" ? { ...one, values: one.values.slice(0, 2) } : one,
    );
    const { findings } = accountOf(device, served(100), seconds(200));
    const { told, unheard } = withoutUnheard(recordOf(device, 2), findings);

    expect(told.filter(({ what }) => what === "unread")).toMatchObject([
      { point: "ac.power", at: seconds(0) },
      { point: "ac.power", at: seconds(1) },
    ]);
    expect(unheard).toBe(4);
  });

  test("are counted where nothing of a whole poll was heard, as far as the gateway tells of it", () => {
    const device = stored(100, 0, { lost: [] }).map((one) => {
      return { ...one, values: one.values.filter(({ at }) => at !== seconds(3)) };
    });
    const { findings } = accountOf(device, served(100), seconds(100));
    expect(findings.map(({ what, at }) => [what, at])).toEqual(
      all.map(() => ["missing", seconds(3)]),
    );

    expect(withoutUnheard(recordOf(device, 100), findings)).toEqual({ told: [], unheard: 3 });
    expect(withoutUnheard(recordOf(device, 2), findings)).toEqual({ told: findings, unheard: 0 });
  });

  test("are told where one lane of the poll is stored", () => {
    const device = stored(100, 0, { lost: [] }).map((one) => {
      const isLost = (at: number) => one.point !== "ac.power" && at === seconds(3);
      return { ...one, values: one.values.filter(({ at }) => !isLost(at)) };
    });
    const { findings } = accountOf(device, served(100), seconds(100));

    expect(findings.length).toBeGreaterThan(1);
    expect(withoutUnheard(recordOf(device, 100), findings)).toEqual({ told: findings, unheard: 0 });
  });

  test("excuse nothing else", () => {
    const device = stored(100, 1, { lost: all });
    const twice = { what: "twice", point: "dc.power", at: seconds(0) } as const;

    expect(withoutUnheard(recordOf(device, 1), [twice])).toEqual({ told: [twice], unheard: 0 });
  });
});

function judged(polls: number, times: number, poll: Poll) {
  const device = stored(polls, times, poll);
  const { findings } = accountOf(device, served(polls), seconds(polls));
  expect(findings).toHaveLength(times * poll.lost.length);
  const { told, unheard } = withoutUnheard(recordOf(device, times, poll.givenUpAfter), findings);
  return { told: told.length, unheard };
}

/** The gateway gave up so many of the first polls, and says so unless it says nothing. */
function recordOf(device: readonly StoredPoint[], polls: number, after: number | null = 1_065) {
  const given = Array.from({ length: polls }, (_, n) => seconds(n));
  const givenUp = after === null ? [] : given.map((at) => at + after);
  const length = Math.max(...device.map(({ values }) => values.length)) + 1;
  return { stored: device, served: served(length), givenUp };
}

/** In the first polls some points have no value. */
function stored(polls: number, times: number, { lost, flag = "failed" }: Poll): StoredPoint[] {
  return all.map((point) => ({
    point,
    everyMs: 1_000,
    values: Array.from({ length: polls }, (_, n) =>
      n < times && lost.includes(point)
        ? { at: seconds(n), value: null, flag }
        : { at: seconds(n), value: n },
    ),
  }));
}

function served(polls: number): Map<string, Served[]> {
  const of = (afterMs: number) =>
    Array.from({ length: polls }, (_, n) => {
      const at = seconds(n) + afterMs;
      return { at, instant: at, value: n };
    });
  return new Map(Object.entries(answers).map(([point, afterMs]) => [point, of(afterMs)]));
}
