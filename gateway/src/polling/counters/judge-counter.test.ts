import { decimalOf, one, timesTenTo } from "@sunledger/model/decimal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CounterMemory } from "./counter-memory.ts";
import { type CounterEvent, type CounterFacts, judgeCounter } from "./judge-counter.ts";

const minute = 60_000;
const hour = 3_600_000;
const noon = Date.UTC(2026, 5, 1, 4);
const meter: CounterFacts = { kind: "counter", step: one, turns: [2n ** 32n], zerosAsleep: false };
const inverter: CounterFacts = { ...meter, zerosAsleep: true };
const daily: CounterFacts = { ...inverter, kind: "daily" };

describe("a counter in doubt (gateway trait 15)", () => {
  test("a lone zero is held back and leaves no trace", () => {
    const { good, events } = watched(meter, [5_000, 5_010, 0, 5_020, 5_030]);

    expect(good).toEqual([true, true, false, true, true]);
    expect(events).toEqual([]);
  });

  test("a passing fall is held back and leaves no trace", () => {
    const { good, events } = watched(meter, [5_000, 3_000, 5_010]);

    expect([good, events]).toEqual([[true, false, true], []]);
  });

  test("a value that stays low is a reset, told with both values and the time it was first seen", () => {
    const { good, events } = watched(meter, [5_000, 5_010, 3, 8]);

    expect(good).toEqual([true, true, false, true]);
    expect(events).toEqual([{ kind: "reset", at: noon + 2 * minute, before: "5010", after: "3" }]);
  });

  test("a lone zero beside a reset is not where the counter began", () => {
    expect(watched(meter, [5_000, 0, 3, 8]).events).toEqual([
      { kind: "reset", at: noon + 2 * minute, before: "5000", after: "3" },
    ]);
    expect(watched(meter, [5_000, 3, 0, 8]).events).toEqual([
      { kind: "reset", at: noon + minute, before: "5000", after: "3" },
    ]);
  });

  test("a meter that stays at zero was reset", () => {
    expect(watched(meter, [5_000, 0, 0]).events).toMatchObject([{ kind: "reset", after: "0" }]);
  });

  test.each([
    ["16 bits", [2n ** 16n], 65_530n],
    ["32 bits", [2n ** 32n], 4_294_967_290n],
    ["64 bits", [2n ** 64n], 18_446_744_073_709_551_610n],
    ["a signed register", [2n ** 31n, 2n ** 32n], 2_147_483_642n],
    ["eight decimal digits", [10n ** 8n], 99_999_994n],
  ])("a roll-over at %s is told with what was counted", (_, turns, high) => {
    const { good, events } = watched({ ...meter, turns }, [high, 7n, 9n]);

    expect(good).toEqual([true, false, true]);
    expect(events).toEqual([
      { kind: "rollover", at: noon + minute, before: `${high}`, after: "7", counted: "13" },
    ]);
  });

  test("a signed register may turn over into its negative numbers", () => {
    const turns = [2n ** 31n, 2n ** 32n];

    expect(
      watched({ ...meter, turns }, [2_147_483_640n, -2_147_483_640n, -2_147_483_630n]),
    ).toEqual({
      good: [true, false, true],
      events: [
        {
          ...{ kind: "rollover", at: noon + minute, before: "2147483640" },
          ...{ after: "-2147483640", counted: "16" },
        },
      ],
    });
  });

  test("the resolution is part of where a register turns over", () => {
    const coarse = { ...meter, step: timesTenTo(one, 2), turns: [2n ** 16n] };

    expect(watched(coarse, [6_553_400, 300, 500]).events).toMatchObject([
      { kind: "rollover", counted: "500" },
    ]);
  });

  test("a reset within a day's reach of the end is none once the pace is known", () => {
    const day = Array.from({ length: 25 }, (_, i) => 4_294_000_000 + i * 1_000);

    expect(watched(meter, [...day, 5, 6], hour).events).toMatchObject([{ kind: "reset" }]);
  });

  test("a value from nowhere is held back once the pace is known (188 kWh of phantom energy)", () => {
    const day = Array.from({ length: 25 }, (_, i) => 1_000_000 + i * 1_000);
    const { good, events } = watched(meter, [...day, 3_000_000_000, 1_025_000], hour);

    expect([good.slice(-2), events]).toEqual([[false, true], []]);
  });

  test("a counter that leaps and stays is told as a leap", () => {
    const day = Array.from({ length: 25 }, (_, i) => 1_000_000 + i * 1_000);

    expect(watched(meter, [...day, 900_000_000, 900_001_000], hour).events).toMatchObject([
      { kind: "leap", before: "1024000", after: "900000000" },
    ]);
  });

  test("a coarser resolution cuts digits off: no reset, however long it stays so", () => {
    const coarse = { ...meter, step: timesTenTo(one, 1) };
    const { good, events } = watched(coarse, [1_234_567, 1_234_560, 1_234_560, 1_234_570]);

    expect([good, events]).toEqual([[true, false, false, true], []]);
  });
});

describe("a sleeping inverter (gateway traits 15 and 17)", () => {
  test("may show zero all night: that is no reset and its morning no energy", () => {
    const night = Array.from({ length: 40 }, () => 0);
    const { good, events } = watched(inverter, [123_456_789, ...night, 123_456_789], 15 * minute);

    expect(good).toEqual([true, ...night.map(() => false), true]);
    expect(events).toEqual([]);
  });

  test("is not begun from a zero: its first value is its first one", () => {
    const { good, events } = watched(inverter, [0, 0, 123_456_789, 123_456_790]);

    expect([good, events]).toEqual([[false, false, true, true], []]);
  });

  test("that was reset says so once it counts", () => {
    expect(watched(inverter, [5_000, 0, 0, 10, 20]).events).toMatchObject([
      { kind: "reset", before: "5000", after: "10" },
    ]);
  });
});

describe("counters of the day (gateway trait 16)", () => {
  test.each([
    ["at midnight", 24],
    ["at seven past, or after sunset: by the device's own clock", 19],
  ])("begin anew %s, which is no reset", (_, hours) => {
    const first = Array.from({ length: hours }, (_, i) => i * 2_000);
    const next = Array.from({ length: 24 }, (_, i) => i * 2_000);
    const { good, events } = watched(daily, [...first, ...next, ...next], hour);

    expect(events).toEqual([]);
    expect(good.filter((one) => !one)).toHaveLength(2);
  });

  test("that begin anew at noon again are told", () => {
    const values = [30_000, 0, 0, 2_000, 4_000, 6_000, 0, 10];

    expect(watched(daily, values, hour).events).toMatchObject([{ kind: "reset", before: "6000" }]);
  });

  test.each([
    ["month", { ...daily, kind: "monthly" } as const, 28],
    ["year", { ...daily, kind: "yearly" } as const, 365],
  ])("of the %s begin anew when that is over, and a fall before is told", (_, facts, days) => {
    const first = Array.from({ length: days }, (_, i) => i * 90_000);
    const next = Array.from({ length: days }, (_, i) => i * 60_000);
    const calm = watched(facts, [...first, ...next, ...next.slice(0, 9)], 24 * hour);

    expect(calm.events).toEqual([]);
    expect(calm.good.filter((one) => !one)).toHaveLength(2);
    expect(watched(facts, [...first, ...next.slice(0, 9), 10, 20, 30], 24 * hour).events).toEqual([
      expect.objectContaining({ kind: "reset", before: "480000" }),
    ]);
  });

  test("that fall and are not near zero are told", () => {
    expect(watched(daily, [30_000, 20_000, 20_010]).events).toMatchObject([{ kind: "reset" }]);
  });
});

type Poll =
  | { readonly is: "count"; readonly by: number }
  | { readonly is: "zero"; readonly by: number }
  | { readonly is: "reset"; readonly to: number };

describe("what was counted", () => {
  test.each([
    ["16-bit", 2n ** 16n],
    ["32-bit", 2n ** 32n],
    ["64-bit", 2n ** 64n],
    ["8-digit", 10n ** 8n],
  ])(
    "of a %s register: the deltas of good values and the events add up to the truth",
    (_, turn) => {
      const polls = fc.array(
        fc.oneof(
          {
            weight: 8,
            arbitrary: fc.record({
              is: fc.constant("count" as const),
              by: fc.integer({ min: 1, max: 400 }),
            }),
          },
          {
            weight: 1,
            arbitrary: fc.record({ is: fc.constant("zero" as const), by: fc.nat(400) }),
          },
          {
            weight: 1,
            arbitrary: fc.record({
              is: fc.constant("reset" as const),
              to: fc.integer({ min: 1, max: 300 }),
            }),
          },
        ),
        { minLength: 1, maxLength: 150 },
      );
      fc.assert(
        fc.property(polls, fc.bigInt(0n, 30_000n), fc.boolean(), (wanted, below, zerosAsleep) => {
          const { readings, truth } = played(wanted, turn - 1n - below, turn);
          const facts = { ...meter, turns: [turn], zerosAsleep };

          expect(energyOf(readings, facts)).toBe(truth);
        }),
        { numRuns: 300 },
      );
    },
  );
});

/**
 * What a device shows that counts, answers a lone zero now and then and is reset between two polls,
 * and the energy it has truly counted. A reset comes
 * where no roll-over could be meant, and right after a value: what was counted unseen is unknown.
 */
function played(wanted: readonly Poll[], start: bigint, turn: bigint) {
  let register = start;
  let truth = 0n;
  let calm = 0;
  /** A hundred times the steepest rise of a poll before the end, a fall is taken for a roll-over. */
  const within = turn < 100_000n ? 9_000n : 50_000n;
  const readings = [start];
  const tally = (by: number) => {
    register = (register + BigInt(by)) % turn;
    truth += BigInt(by);
  };
  for (const poll of wanted) {
    const isApart =
      calm >= 3 && readings.at(-1) !== 0n && register > 2_000n && register < turn - within;
    calm += 1;
    if (poll.is === "reset" && isApart) {
      register = BigInt(poll.to);
      calm = 0;
    } else tally(poll.is === "reset" ? 1 : poll.by);
    const isLone = poll.is === "zero" && readings.at(-1) !== 0n;
    readings.push(isLone ? 0n : register);
  }
  // What is in doubt at the end is decided by the readings after it.
  for (let i = 0; i < 4 || register < 5n; i += 1) {
    tally(1);
    readings.push(register);
  }
  return { readings, truth };
}

/** As a bill adds up: differences of good values, and over an event what the event says. */
function energyOf(readings: readonly bigint[], facts: CounterFacts): bigint {
  let memory: CounterMemory | undefined;
  let before: bigint | undefined;
  let sum = 0n;
  for (const [i, raw] of readings.entries()) {
    const reading = { value: decimalOf(raw), at: noon + i * minute };
    const verdict = judgeCounter(memory, reading, facts);
    // As it comes back from the disk after a restart.
    memory = verdict.memory && JSON.parse(JSON.stringify(verdict.memory));
    if (!verdict.good) continue;
    if (verdict.event) {
      sum += BigInt(verdict.event.counted ?? 0) + raw - BigInt(verdict.event.after);
    } else if (before !== undefined) sum += raw - before;
    before = raw;
  }
  return sum;
}

function watched(facts: CounterFacts, values: readonly (number | bigint)[], everyMs = minute) {
  let memory: CounterMemory | undefined;
  const good: boolean[] = [];
  const events: CounterEvent[] = [];
  for (const [i, value] of values.entries()) {
    const reading = { value: decimalOf(value), at: noon + i * everyMs };
    const verdict = judgeCounter(memory, reading, facts);
    memory = verdict.memory;
    good.push(verdict.good);
    if (verdict.event) events.push(verdict.event);
  }
  return { good, events };
}
