import { randomUUID } from "node:crypto";
import { one } from "@sunledger/model/decimal";
import { describe, expect, test } from "vitest";
import type { RegisterPoint } from "../../modbus/register-point.ts";
import { pointOf, power, round } from "../testing/counter-rounds.ts";
import { counterGuard, type GuardParts } from "./counter-guard.ts";

const at = Date.UTC(2026, 5, 1, 4);
const minute = 60_000;

describe("an exchanged device that does not say its serial number", () => {
  const energy = "ac.energy.import.total";
  const exchange = {
    ...{ id: "3f0c8c5e-6a55-4b8f-8d1a-0d6f3f9f5a10", before: "M-1", after: "M-2" },
    by: { id: "u1", name: "Wang 伟" },
  };
  const written = { point: "id.serial", kind: "replaced", before: "M-1", after: "M-2" };
  const alone = { behaviour: { night: "always-on" } } as const;
  const remembered = (memory: unknown) => JSON.parse(JSON.stringify(memory));

  test("its counters begin anew, though they are higher, by the exchange that it is told", () => {
    const { memory } = counterGuard(alone).judge(round(1_000_000), at);
    const told = counterGuard({ ...alone, memory: remembered(memory), exchange });
    // Two days of standstill: as a rise it would be taken.
    const now = at + 2_880 * minute;
    const { happenings, resolved } = told.judge(round(1_200_000), now);

    expect(happenings).toEqual([
      { ...written, at: now, by: { ...exchange.by, command: exchange.id } },
      { point: energy, kind: "reset", at: now, before: "1000000", after: "1200000" },
    ]);
    expect([...resolved.values()][0]).toEqual(expect.objectContaining({ value: 1_200_000 }));
    expect(told.judge(round(1_200_010), now + minute).happenings).toEqual([]);
  });

  test("is exchanged once, over restarts too, and a counter that was not read begins later", () => {
    const { memory } = counterGuard(alone).judge(round(1_000), at);
    const told = counterGuard({ ...alone, memory: remembered(memory), exchange });
    const unread = told.judge(new Map([[power, { value: 1 }]]), at + minute);
    expect(unread.happenings).toMatchObject([{ kind: "replaced" }]);

    const restarted = counterGuard({ ...alone, memory: remembered(unread.memory), exchange });
    const later = restarted.judge(round(1_001), at + 2 * minute);
    expect(later.happenings).toMatchObject([{ kind: "reset", before: "1000", after: "1001" }]);
    const again = counterGuard({ ...alone, memory: remembered(later.memory), exchange });
    expect(again.judge(round(1_002), at + 3 * minute).happenings).toEqual([]);
  });

  test("is the old one again when its configuration is rolled back", () => {
    const { memory } = counterGuard(alone).judge(round(1_000), at);
    const told = counterGuard({ ...alone, memory: remembered(memory), exchange });
    const tried = told.judge(round(900), at + minute);
    const back = counterGuard({ ...alone, memory: remembered(tried.memory) });

    expect(back.judge(round(1_001), at + 2 * minute).happenings).toMatchObject([
      { kind: "replaced", before: "M-2", after: "M-1" },
      { kind: "reset", before: "900", after: "1001" },
    ]);
  });

  test.each([
    ["an older configuration", []],
    ["one that tells of an exchange noted long ago", [{ ...exchange, id: randomUUID() }]],
  ])("stays what it is by %s, when its own has proved itself", (_, [earlier]) => {
    const { memory } = counterGuard({ ...alone, exchange: earlier }).judge(round(1_000), at);
    const told = counterGuard({ ...alone, memory: remembered(memory), exchange });
    told.judge(round(50), at + minute);
    const proven = told.judge(round(51), at + 12 * minute);
    const back = counterGuard({
      ...{ ...alone, memory: remembered(proven.memory), exchange: earlier },
    });

    const later = back.judge(round(52), at + 13 * minute);
    expect(later.happenings).toEqual([]);
    // And the newer one again, which tells of what was noted.
    const again = counterGuard({ ...alone, memory: remembered(later.memory), exchange });
    expect(again.judge(round(53), at + 14 * minute).happenings).toEqual([]);
  });

  test("is exchanged again by the same order, when its first configuration was rolled back", () => {
    const { memory } = counterGuard(alone).judge(round(1_000), at);
    const told = counterGuard({ ...alone, memory: remembered(memory), exchange });
    const tried = told.judge(round(900), at + minute);
    const back = counterGuard({ ...alone, memory: remembered(tried.memory) });
    const taken = back.judge(round(901), at + 2 * minute);
    const again = counterGuard({ ...alone, memory: remembered(taken.memory), exchange });

    expect(again.judge(round(902), at + 3 * minute).happenings).toMatchObject([
      { kind: "replaced", before: "M-1", after: "M-2" },
      { kind: "reset", before: "901", after: "902" },
    ]);
  });

  describe("polled at its place before anybody tells of the exchange", () => {
    const url = "tcp://10.0.0.9:502?unit=1";
    const days = 2_880 * minute;
    /** A guard of that place, and what it says of a reading after one that was missed. */
    const watch = (given: Pick<GuardParts, "behaviour"> = alone, before?: unknown) => {
      const guard = counterGuard({ ...given, url, memory: remembered(before ?? null) });
      const heard = (value: number, now: number) => guard.judge(round(value), now);
      return {
        heard,
        heardAgain: (value: number, now: number) => {
          guard.missed();
          return heard(value, now);
        },
      };
    };
    const exchanged = (
      memory: unknown,
      moved = url,
      given: Pick<GuardParts, "behaviour"> = alone,
    ) =>
      counterGuard({
        ...{ ...given, memory: remembered(memory), url: moved, exchange },
      });
    const reset = { point: energy, kind: "reset" };

    test.each([
      ["", alone],
      [" of a device that sleeps at night", { behaviour: { night: "unreachable" } } as const],
    ])(
      "its first reading, which passed for a rise, is taken back, at its own time%s",
      (_, kind) => {
        const old = watch(kind);
        old.heard(1_000_000, at);
        // Two days of standstill: as a rise it is taken.
        expect(old.heardAgain(1_200_000, at + days).happenings).toEqual([]);
        const { memory } = old.heard(1_205_000, at + days + minute);
        const told = exchanged(memory, url, kind);
        const now = at + days + 2 * minute;

        expect(told.judge(round(1_205_010), now).happenings).toEqual([
          { ...written, at: at + days, by: { ...exchange.by, command: exchange.id } },
          { ...reset, at: at + days, before: "1000000", after: "1200000" },
        ]);
        expect(told.judge(round(1_205_020), now + minute).happenings).toEqual([]);
      },
    );

    test("wired in the evening, nothing is counted over that silence nor over the night's", () => {
      const old = watch({ behaviour: { night: "unreachable" } });
      old.heard(1_000_000, at);
      const wired = at + 40 * minute;
      old.heardAgain(1_000_900, wired);
      old.heard(1_000_950, wired + minute);
      const morning = wired + 720 * minute;
      old.heardAgain(1_000_951, morning);
      const { memory } = old.heard(1_000_960, morning + minute);
      const told = exchanged(memory, url, { behaviour: { night: "unreachable" } });

      expect(told.judge(round(1_000_961), morning + 2 * minute).happenings).toMatchObject([
        { ...written, at: wired },
        { ...reset, at: wired, before: "1000000", after: "1000900" },
        { ...reset, at: morning, before: "1000950", after: "1000951" },
      ]);
    });

    test("wired in two minutes, it is found by the poll that it missed", () => {
      const old = watch();
      old.heard(1_000, at);
      old.heardAgain(1_050, at + 2 * minute);
      const { memory } = old.heard(1_051, at + 3 * minute);

      expect(exchanged(memory).judge(round(1_052), at + 4 * minute).happenings).toMatchObject([
        { ...written, at: at + 2 * minute },
        { ...reset, at: at + 2 * minute, before: "1000", after: "1050" },
      ]);
    });

    test("wired while the gateway was off, it is found all the same", () => {
      const { memory: before } = watch().heard(1_000, at);
      const { memory } = watch(alone, before).heard(1_050, at + 2 * minute);

      expect(exchanged(memory).judge(round(1_052), at + 3 * minute).happenings).toMatchObject([
        { ...written, at: at + 2 * minute },
        { ...reset, at: at + 2 * minute, before: "1000", after: "1050" },
      ]);
    });

    test.each([
      ["while the gateway was off, whose clock came back earlier", -2],
      ["over a silence whose end is its beginning by the clock", 0],
    ])("wired %s, it is found", (_, minutes) => {
      const { memory: before } = watch().heard(1_000_000, at);
      const came = at + minutes * minute - 1;
      const old = watch(alone, before);
      old.heard(1_000_150, came);
      const { memory } = old.heard(1_000_150, came + minute);

      const { happenings } = exchanged(memory).judge(round(1_000_151), came + 2 * minute);
      expect(happenings).toMatchObject([
        { ...written, at: came },
        { ...reset, at: came, before: "1000000", after: "1000150" },
      ]);
    });

    test("it is found where the clock was set back since", () => {
      const old = watch();
      old.heard(1_000, at);
      old.heardAgain(1_050, at + 2 * minute);
      const { memory } = old.heard(1_051, at - 60 * minute);

      expect(exchanged(memory).judge(round(1_052), at - 59 * minute).happenings).toMatchObject([
        { ...written, at: at + 2 * minute },
        { ...reset, before: "1000", after: "1050" },
      ]);
    });

    test("a silence is forgotten after a day", () => {
      const old = watch();
      old.heard(1_000, at);
      expect(old.heardAgain(1_050, at + 2 * minute).memory?.silences).toHaveLength(1);
      const { memory } = old.heard(1_051, at + 1_443 * minute);
      expect(memory?.silences).toBeUndefined();
    });

    test("of silences over which energy was counted, none makes room for one of seconds", () => {
      const seconds = pointOf("state.runTime", "counter");
      const both = (energy: number, ran: number) => {
        const [register] = seconds.candidates;
        const count = { register: register as RegisterPoint, step: one };
        return new Map([...round(energy), [seconds, { value: ran, count }]] as const);
      };
      const old = counterGuard({ ...alone, url });
      old.judge(both(1_000, 0), at);
      let now = at;
      let memory: unknown;
      // The first is the exchange: much energy, and a young device that has not run for long.
      for (let i = 0; i <= 9; i += 1) {
        now = at + 5 * (i + 1) * minute;
        old.missed();
        ({ memory } = old.judge(both(1_100 + i, 1 + 300 * i), now));
      }
      const { happenings } = exchanged(memory).judge(both(1_110, 3_000), now + minute);
      expect(happenings[0]).toMatchObject({ ...written, at: at + 5 * minute });
    });

    test("what is polled seldom was not silent between its polls", () => {
      const old = watch();
      old.heard(1_000, at);
      const { memory } = old.heard(1_050, at + 60 * minute);

      const told = exchanged(memory).judge(round(1_052), at + 61 * minute);
      expect(told.happenings).toMatchObject([
        { ...written, at: at + 61 * minute },
        { ...reset, before: "1050", after: "1052" },
      ]);
    });

    test("of many silences those are kept over which most was counted", () => {
      const old = watch();
      old.heard(1_000, at);
      let now = at;
      let value = 1_000;
      let memory: unknown;
      for (const [i, rise] of [500, ...Array.from({ length: 40 }, () => 1)].entries()) {
        now = at + 5 * (i + 1) * minute;
        value += rise;
        ({ memory } = old.heardAgain(value, now));
      }

      const { happenings } = exchanged(memory).judge(round(value), now + minute);
      expect(happenings).toHaveLength(9);
      expect(happenings).toMatchObject([
        { ...written, at: at + 5 * minute },
        { ...reset, before: "1000", after: "1500" },
        ...Array.from({ length: 7 }, () => reset),
      ]);
    });

    test("a counter of the day that began anew over the night did so by itself", () => {
      const daily = pointOf("ac.energy.generation.day", "daily");
      const [register] = daily.candidates;
      const shown = (value: number) =>
        new Map([[daily, { value, count: { register: register as RegisterPoint, step: one } }]]);
      const old = counterGuard({ behaviour: { night: "unreachable" }, url });
      old.judge(shown(25_000), at);
      old.missed();
      old.judge(shown(20), at + 720 * minute);
      old.judge(shown(30), at + 721 * minute);
      const { memory } = old.judge(shown(40), at + 722 * minute);

      expect(exchanged(memory).judge(shown(50), at + 723 * minute).happenings).toMatchObject([
        { kind: "replaced" },
      ]);
    });

    test("what was told of its counter already is not told twice", () => {
      const old = watch();
      old.heard(1_000_000, at);
      old.heardAgain(500, at + days);
      const fallen = old.heard(501, at + days + minute);
      expect(fallen.happenings).toMatchObject([{ ...reset, before: "1000000" }]);
      const told = exchanged(fallen.memory).judge(round(502), at + days + 2 * minute);

      expect(told.happenings).toMatchObject([{ ...written, at: at + days }]);
    });

    test("wired in the evening with a lower counter, it came then, not over the night", () => {
      const old = watch({ behaviour: { night: "unreachable" } });
      old.heard(1_000_000, at);
      const wired = at + 40 * minute;
      old.heardAgain(900, wired);
      expect(old.heard(950, wired + minute).happenings).toMatchObject([reset]);
      const morning = wired + 720 * minute;
      old.heardAgain(2_000, morning);
      const { memory } = old.heard(2_010, morning + minute);
      const told = exchanged(memory, url, { behaviour: { night: "unreachable" } });

      expect(told.judge(round(2_020), morning + 2 * minute).happenings).toMatchObject([
        { ...written, at: wired },
        { ...reset, at: morning, before: "950", after: "2000" },
      ]);
    });

    test("a counter that is in doubt still begins with the exchange", () => {
      const old = watch();
      old.heard(1_000_000, at);
      const { memory } = old.heardAgain(500, at + days);

      expect(exchanged(memory).judge(round(502), at + days + minute).happenings).toMatchObject([
        { ...written, at: at + days },
        { ...reset, at: at + days + minute, before: "1000000", after: "502" },
      ]);
    });

    test.each([
      ["long ago", 1_500, url],
      ["at another place", 5, "tcp://10.0.0.8:502?unit=1"],
    ])("a silence %s has nothing to do with it", (_, minutes, moved) => {
      const old = watch();
      old.heard(1_000_000, at);
      let now = at + days;
      let { memory } = old.heardAgain(1_000_100, now);
      for (const end = now + minutes * minute; now < end; ) {
        now += minute;
        ({ memory } = old.heard(1_000_200, now));
      }
      now += minute;

      expect(exchanged(memory, moved).judge(round(1_000_300), now).happenings).toMatchObject([
        { ...written, at: now },
        { ...reset, at: now, before: "1000200", after: "1000300" },
      ]);
    });
  });

  test("is told of by the same event again where nothing is remembered", () => {
    const { happenings } = counterGuard({ ...alone, exchange }).judge(round(5), at);

    expect(happenings).toMatchObject([{ id: exchange.id, kind: "replaced" }]);
  });
});
