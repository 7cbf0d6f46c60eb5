import { describe, expect, test } from "vitest";
import type { PolledPoint } from "../polled-point.ts";
import type { Resolved } from "../resolve-values.ts";
import { pointOf, power, round } from "../testing/counter-rounds.ts";
import { counterGuard } from "./counter-guard.ts";

const at = Date.UTC(2026, 5, 1, 4);
const minute = 60_000;

describe("the guard of a device's counters", () => {
  test("flags what is in doubt and leaves everything else as it is", () => {
    const guard = counterGuard({ behaviour: { night: "always-on" } });
    guard.judge(round(5_000), at);

    const { resolved } = guard.judge(round(0), at + minute);

    expect([...resolved.values()]).toEqual([{ value: 0, flag: "suspect" }, { value: 230 }]);
  });

  test("goes on from what was remembered before a restart, to the digit", () => {
    const before = counterGuard({ behaviour: { night: "always-on" } });
    const { memory } = before.judge(round("18446744073709551610"), at);
    const restarted = counterGuard({
      behaviour: { night: "always-on" },
      memory: JSON.parse(JSON.stringify(memory)),
    });

    restarted.judge(round(3), at + minute);

    expect(restarted.judge(round(5), at + 2 * minute).happenings).toEqual([
      {
        ...{ point: "ac.energy.import.total", kind: "rollover", at: at + minute },
        ...{ before: "18446744073709551610", after: "3", counted: "9" },
      },
    ]);
  });

  test("begins anew with a memory that it cannot read", () => {
    const guard = counterGuard({ behaviour: undefined, memory: { points: { x: "?" } } });

    expect(guard.judge(round(7), at).happenings).toEqual([]);
  });

  test("another serial number is another device: said so, and its counters begin at once", () => {
    const guard = counterGuard({ behaviour: { night: "always-on" } });
    guard.judge(round(5_000), at, "S-1");

    const { happenings, resolved } = guard.judge(round(9), at + minute, "S-2");

    const happened = { at: at + minute };
    expect(happenings).toEqual([
      { ...happened, point: "id.serial", kind: "replaced", before: "S-1", after: "S-2" },
      {
        ...happened,
        ...{ point: "ac.energy.import.total", kind: "reset", before: "5000", after: "9" },
      },
    ]);
    expect([...resolved.values()][0]).toMatchObject({ value: 9 });
    expect(guard.judge(round(12), at + 2 * minute, "S-2").happenings).toEqual([]);
  });

  test("a rise that the device's power cannot have brought is held back from the first day on", () => {
    const guard = counterGuard({ behaviour: { night: "always-on" } });
    const shown = (value: number, seconds: number) => {
      const { resolved, happenings } = guard.judge(
        new Map([...round(value), [power, { value: -12_345 }]]),
        at + seconds * 1_000,
      );
      return [[...resolved.values()][0], happenings];
    };

    shown(42, 0);
    expect(shown(942, 1)).toEqual([{ value: 942, flag: "suspect" }, []]);
    expect(shown(49, 2)).toEqual([expect.not.objectContaining({ flag: "suspect" }), []]);
    // An hour unheard at that power, or a load that came on between two readings.
    expect(shown(49 + 12_345, 3_602)).toEqual([
      expect.not.objectContaining({ flag: "suspect" }),
      [],
    ]);
  });

  test("the power that a device once showed is known after a restart", () => {
    const before = counterGuard({ behaviour: { night: "always-on" } });
    const { memory } = before.judge(new Map([...round(42), [power, { value: 5_000 }]]), at);
    const restarted = counterGuard({
      behaviour: { night: "always-on" },
      memory: JSON.parse(JSON.stringify(memory)),
    });

    expect([...restarted.judge(round(942), at + 1_000).resolved.values()][0]).toMatchObject({
      flag: "suspect",
    });
  });

  test("a round without counters has nothing to remember", () => {
    const voltage: [PolledPoint, Resolved] = [pointOf("ac.voltage.an", "gauge"), { value: 230 }];

    expect(counterGuard({ behaviour: undefined }).judge(new Map([voltage]), at)).toEqual({
      resolved: new Map([voltage]),
      happenings: [],
    });
  });
});
