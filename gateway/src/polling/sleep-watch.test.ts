import { describe, expect, test } from "vitest";
import type { PolledPoint } from "./polled-point.ts";
import type { Resolved, ResolvedValue } from "./resolve-values.ts";
import { sleepWatch } from "./sleep-watch.ts";

const place = { latitude: 31.2, longitude: 121.5 };
const noon = Date.UTC(2026, 5, 21, 4);
const midnight = Date.UTC(2026, 5, 21, 16);
const hour = 3_600_000;

describe("where the plant's place is known", () => {
  test("an inverter that answers zeros in the dark is asleep, and in the light it is not", () => {
    const watch = sleepWatch({ behaviour: { night: "answers-zeros" }, place });
    watch.heard(round(0), "inverter", noon);

    expect([watch.isAsleep(midnight), watch.isAsleep(noon)]).toEqual([true, false]);
  });

  test("one that answers sentinels has no power either", () => {
    const watch = sleepWatch({ behaviour: { night: "answers-sentinels" }, place });
    watch.heard(round(null), "inverter", midnight);

    expect(watch.isAsleep(midnight)).toBe(true);
  });

  test.each([
    ["a little from the grid, as they do at night", -70, undefined, true],
    ["more, and says that it sleeps", -2_000, 2, true],
    ["much, as to charge a battery", -2_000, undefined, false],
  ])("one that takes %s", (_, watts, code, asleep) => {
    const watch = sleepWatch({ behaviour: { night: "answers-zeros" }, place });
    watch.heard(round(watts, code), "inverter", midnight);

    expect(watch.isAsleep(midnight)).toBe(asleep);
  });

  test("one that generates is awake, whatever the hour", () => {
    const watch = sleepWatch({ behaviour: { night: "answers-zeros" }, place });
    watch.heard(round(5_000), "inverter", midnight);

    expect(watch.isAsleep(midnight)).toBe(false);
  });

  test("one that wavers at dawn wakes once it has generated for a minute", () => {
    const watch = sleepWatch({ behaviour: { night: "answers-zeros" }, place });
    const asleepAfter = (watts: number, seconds: number) => {
      watch.heard(round(watts), "inverter", midnight + seconds * 1_000);
      return watch.isAsleep(midnight + seconds * 1_000);
    };

    expect([asleepAfter(5, 0), asleepAfter(30, 10), asleepAfter(5, 20)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([asleepAfter(30, 30), asleepAfter(60, 79), asleepAfter(90, 80)]).toEqual([
      ...[true, true, false],
    ]);
  });

  test.each([
    ["unreachable", true],
    ["may-be-unreachable", true],
    ["unreachable-or-zeros", true],
    ["answers-zeros", false],
    ["always-on", false],
    [undefined, false],
  ] as const)("one of the habit %s that is silent in the dark, never met: %s", (night, asleep) => {
    const watch = sleepWatch({ behaviour: night && { night }, place });

    expect([watch.isSilentAsleep(midnight), watch.isSilentAsleep(noon)]).toEqual([asleep, false]);
  });

  test("a meter never sleeps", () => {
    const watch = sleepWatch({ behaviour: undefined, place });
    watch.heard(round(0), "meter", midnight);

    expect([watch.isAsleep(midnight), watch.isSilentAsleep(midnight)]).toEqual([false, false]);
  });
});

describe("where it is not", () => {
  test("the device's own state says that it sleeps, also when it is silent after", () => {
    const watch = sleepWatch({ behaviour: { night: "unreachable" } });
    watch.heard(round(0, 2), "inverter", noon);

    expect(watch.isAsleep(noon)).toBe(true);
    expect(watch.isSilentAsleep(noon + 8 * hour)).toBe(true);
  });

  test("silence is no sleep for ever", () => {
    const watch = sleepWatch({ behaviour: { night: "unreachable" } });
    watch.heard(round(0, 2), "inverter", noon);

    expect(watch.isSilentAsleep(noon + 17 * hour)).toBe(false);
  });

  test("one that generated when it was last heard is no sleeper", () => {
    const watch = sleepWatch({ behaviour: { night: "unreachable" } });
    watch.heard(round(5_000, 4), "inverter", noon);

    expect(watch.isSilentAsleep(noon + hour)).toBe(false);
  });

  test.each(["failed", "invalid", "suspect"] as const)(
    "readings that are %s say nothing: by day what was generated before still counts",
    (flag) => {
      const watch = sleepWatch({ behaviour: { night: "unreachable" } });
      watch.heard(round(5_000, 4), "inverter", noon);
      watch.heard(round({ value: null, flag }, { value: null, flag }), "inverter", noon + hour);

      expect(watch.isAsleep(noon + hour)).toBe(false);
      expect(watch.isSilentAsleep(noon + 2 * hour)).toBe(false);
    },
  );

  test("a state that is not there is not the state of code 0", () => {
    const watch = sleepWatch({ behaviour: { night: "answers-sentinels" } });
    const absent = { value: null, flag: "notImplemented" } as const;
    watch.heard(round(0, 7), "inverter", noon);
    watch.heard(round(absent, absent), "inverter", noon + hour);

    expect(watch.isAsleep(noon + hour)).toBe(false);
  });

  test("a fault at zero power is no sleep", () => {
    const watch = sleepWatch({ behaviour: { night: "answers-zeros" } });
    watch.heard(round(0, 7), "inverter", noon);

    expect(watch.isAsleep(noon)).toBe(false);
  });
});

function round(
  watts: number | null | ResolvedValue,
  code?: number | ResolvedValue,
): Map<PolledPoint, Resolved> {
  const base = { unit: "", lane: "values", poll: "fast", candidates: [] } as const;
  const power: PolledPoint = { ...base, name: "ac.power.active", kind: "gauge" };
  const commonStates = new Map([
    [0, "standby"],
    [2, "sleeping"],
    [4, "generating"],
    [7, "fault"],
  ] as const);
  const state: PolledPoint = { ...base, name: "state.operating", kind: "state", commonStates };
  const value = watts ?? { value: null, flag: "notImplemented" as const };
  return new Map([
    [power, resolved(value)],
    ...(code === undefined ? [] : [[state, resolved(code)] as const]),
  ]);
}

function resolved(value: number | ResolvedValue): ResolvedValue {
  return typeof value === "number" ? { value } : value;
}
