import { drivenClock } from "@sunledger/runtime";
import type { Condition, Mismatch, RollUps } from "@sunledger/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testScope } from "../testing/scope.ts";
import { checkingRollUps } from "./checking.ts";
import { type RetentionParts, retention } from "./retention.ts";
import { rollingUp } from "./rolling-up.ts";
import { timeZonesOf } from "./time-zones.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.UTC(2026, 5, 21, 12);
const organisations = async () => ["first", "second"];
const timeZones = async () => new Map([["inverter", "Asia/Shanghai"]]);
let scope = testScope();

beforeEach(() => {
  scope = testScope();
});

afterEach(() => scope.stop());

describe("rolling up", () => {
  test("goes on for each organisation, by hours of the data that ended a minute ago", async () => {
    const asked: unknown[] = [];
    const pace = drivenClock(noon);
    const rollUp: RollUps["rollUp"] = async ({ organisation, before, timeZones: zones }) => {
      asked.push([organisation, before, zones.get("inverter")]);
      if (organisation === "first") throw new Error("the store is away");
      return { quarters: 1, passed: 0, more: false };
    };
    const clock = drivenClock(noon + 5 * day);
    rollingUp({ rollUps: { rollUp }, organisations, timeZones, clock, pace }, scope);

    await pace.advance(noon + 30_000);

    const before = noon + 5 * day - hour;
    expect(asked).toEqual([
      ["first", before, "Asia/Shanghai"],
      ["second", before, "Asia/Shanghai"],
    ]);
  });

  test("goes on in turns while there is more, so that nobody waits for another's past", async () => {
    const asked: string[] = [];
    const left = new Map([
      ["first", 3],
      ["second", 1],
    ]);
    const pace = drivenClock(noon);
    const rollUp: RollUps["rollUp"] = async ({ organisation }) => {
      asked.push(organisation);
      const more = (left.get(organisation) ?? 0) - 1;
      left.set(organisation, more);
      return { quarters: 500, passed: 0, more: more > 0 };
    };
    rollingUp({ rollUps: { rollUp }, organisations, timeZones, clock: pace, pace }, scope);

    await pace.advance(noon + 30_000);

    expect(asked).toEqual(["first", "second", "first", "first"]);
  });

  test("knows the zone of each device by its plant", async () => {
    const zones = timeZonesOf({
      plants: async () => [{ id: "roof", timeZone: "Europe/Berlin" } as never],
      deviceList: async () => [{ id: "inverter", plant: "roof" } as never],
    });

    expect(await zones("first")).toEqual(new Map([["inverter", "Europe/Berlin"]]));
  });
});

describe("the nightly check", () => {
  test("is made once a day of the data and keeps a condition for each point that differs", async () => {
    const kept: [string, Condition][] = [];
    const asked: number[][] = [];
    const pace = drivenClock(noon);
    const clock = drivenClock(noon);
    const checkedDays = new Map(
      (await organisations()).map((one) => [one, Math.floor(noon / day)] as const),
    );
    const common = {
      device: "inverter",
      point: "ac.power.active",
      kept: undefined,
      raw: undefined,
    };
    const mismatch: Mismatch = {
      ...{ ...common, width: "quarter", buckets: 2 },
      ...{ from: noon - day, to: noon - day + 2 * hour },
    };
    const whole: Mismatch = {
      ...{ ...common, width: "day", buckets: 1 },
      ...{ from: noon - 1.5 * day, to: noon - day / 2 },
    };
    checkingRollUps(
      {
        rollUps: {
          check: async ({ days, organisation }) => {
            asked.push([...days]);
            const found = [mismatch, whole];
            const mismatches = organisation === "first" && days.length === 1 ? found : [];
            return { days: days.length, mismatches };
          },
          checkedDay: async (organisation) => checkedDays.get(organisation),
          keepCheckedDay: async (organisation, checked) => {
            checkedDays.set(organisation, checked);
          },
        },
        conditions: {
          keep: async (organisation, _foundAt, conditions) => {
            for (const condition of conditions) kept.push([organisation, condition]);
          },
        },
        ...{ organisations, timeZones, keepMinutesDays: 730, clock, pace },
      },
      scope,
    );
    await pace.advance(noon + hour);
    expect(asked).toEqual([]);

    await clock.advance(noon + day / 2 + minute);
    await pace.advance(noon + 3 * hour);

    const yesterday = Math.floor(noon / day);
    expect(asked.filter((days) => days.length === 1)).toEqual([[yesterday], [yesterday]]);
    const others = asked.filter((days) => days.length > 1).flat();
    expect(others.every((one) => one < yesterday && one > yesterday - 400)).toBe(true);
    expect(kept).toEqual([
      [
        "first",
        {
          ...{ subject: "inverter", kind: "rollup_mismatch", channel: "ac.power.active" },
          ...{ start: noon - 1.5 * day, end: noon - day / 2 },
          evidence: {
            differing: [mismatch, whole].map(({ device: _, point: __, ...evidence }) => evidence),
          },
        },
      ],
    ]);
  });
});

describe("retention", () => {
  const begin = async (more: Partial<RetentionParts> & { readonly rollsUpAll?: boolean }) => {
    const done: unknown[] = [];
    const pace = drivenClock(noon);
    retention(
      {
        rollUps: {
          keepMinutes: async ({ from, before }) => {
            done.push(["keep minutes", from, before]);
            return 0;
          },
          forgetMinutes: async ({ before }) => {
            done.push(["minutes", before]);
            return 0;
          },
        },
        frameStore: {
          rollsUpAll: more.rollsUpAll ?? true,
          forget: async ({ lane, before, except, unlessStale }) => {
            done.push([lane, before, except, unlessStale]);
            return 0;
          },
          latest: async () => [
            { device: "inverter", point: "dc.power", at: noon - day, value: 1 },
            { device: "imported", point: "dc.power", at: noon - 999 * day, value: 1 },
          ],
        },
        timeZones: async () => new Map(["inverter", "imported"].map((id) => [id, "UTC"])),
        ...{ organisations: async () => ["first"], keepRawDays: 730, keepMinutesDays: 100 },
        ...{ clock: drivenClock(noon), pace, ...more },
      },
      scope,
    );
    await pace.advance(noon + 6 * hour);
    return done;
  };

  test("deletes by the time of the data what is rolled up, but no device's last", async () => {
    expect(await begin({})).toEqual([
      ["values", noon - 730 * day, ["imported"], true],
      ["minutes", noon - 100 * day],
    ]);
  });

  test("lets minutes outlive their values, where they are to", async () => {
    const done = await begin({ keepRawDays: 30, keepMinutesDays: 730 });

    expect(done).toEqual([
      ["keep minutes", noon - 730 * day, noon - 30 * day],
      ["values", noon - 30 * day, ["imported"], true],
      ["minutes", noon - 730 * day],
    ]);
  });

  test("forgets no values of a store of whose values nothing is rolled up", async () => {
    expect(await begin({ rollsUpAll: false })).toEqual([["minutes", noon - 100 * day]]);
  });
});
