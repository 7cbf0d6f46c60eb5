import { drivenClock } from "@sunledger/runtime";
import type { Condition, Mismatch, RollUps } from "@sunledger/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testScope } from "../testing/scope.ts";
import { checkingRollUps } from "./checking.ts";
import { retention } from "./retention.ts";
import { rollingUp } from "./rolling-up.ts";
import { timeZonesOf } from "./time-zones.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.UTC(2026, 5, 21, 12);
const organisations = () => ["first", "second"];
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
      return { quarters: 1, passed: 0 };
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

  test("knows the zone of each device by its plant", async () => {
    const zones = timeZonesOf({
      plants: async () => [{ id: "roof", timeZone: "Europe/Berlin" } as never],
      deviceList: async () => [{ id: "inverter", plant: "roof" } as never],
    });

    expect(await zones("first")).toEqual(new Map([["inverter", "Europe/Berlin"]]));
  });
});

describe("the nightly check", () => {
  test("is made once a day of the data and keeps a condition for each difference", async () => {
    const kept: [string, Condition][] = [];
    const asked: number[][] = [];
    const pace = drivenClock(noon);
    const clock = drivenClock(noon);
    const mismatch: Mismatch = {
      ...{ device: "inverter", point: "ac.power.active", width: "quarter", buckets: 2 },
      ...{ from: noon - day, to: noon - day + 2 * hour, kept: undefined, raw: undefined },
    };
    checkingRollUps(
      {
        rollUps: {
          check: async ({ days, organisation }) => {
            asked.push([...days]);
            const mismatches = organisation === "first" && days.length === 1 ? [mismatch] : [];
            return { days: days.length, mismatches };
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
          ...{ start: noon - day, end: noon - day + 2 * hour },
          evidence: { width: "quarter", buckets: 2, kept: undefined, raw: undefined },
        },
      ],
    ]);
  });
});

describe("retention", () => {
  const kept = { keepRawDays: 730, keepMinutesDays: 100 };
  const begin = (passed: number, forgotten: unknown[]) => {
    const pace = drivenClock(noon);
    retention(
      {
        rollUps: {
          rollUp: async ({ before }) => {
            forgotten.push(["rolled up", before]);
            return { quarters: 0, passed };
          },
          forgetMinutes: async ({ before }) => {
            forgotten.push(["minutes", before]);
            return 0;
          },
        },
        frameStore: {
          forget: async ({ lane, before, except }) => {
            forgotten.push([lane, before, except]);
            return 0;
          },
          latest: async () => [
            { device: "inverter", point: "dc.power", at: noon - day, value: 1 },
            { device: "imported", point: "dc.power", at: noon - 999 * day, value: 1 },
          ],
        },
        timeZones: async () => new Map(["inverter", "imported"].map((id) => [id, "UTC"])),
        ...{ organisations: () => ["first"], ...kept, clock: drivenClock(noon), pace },
      },
      scope,
    );
    return pace.advance(noon + 6 * hour);
  };

  test("deletes values and minutes by the time of the data, after these were rolled up, but no device's last", async () => {
    const forgotten: unknown[] = [];
    await begin(0, forgotten);

    expect(forgotten).toEqual([
      ["rolled up", noon - 730 * day],
      ["values", noon - 730 * day, ["imported"]],
      ["minutes", noon - 100 * day],
    ]);
  });

  test("keeps values that could not be rolled up", async () => {
    const forgotten: unknown[] = [];
    await begin(1, forgotten);

    expect(forgotten.map((each) => (each as unknown[])[0])).toEqual(["rolled up", "minutes"]);
  });
});
