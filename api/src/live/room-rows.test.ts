import type { Figure } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { sumValues } from "./room-rows.ts";

const now = 1_000_000;
const none: Figure = { value: null, at: null, coverage: null, reason: "noDevices" };
const whole = { reporting: 2, total: 2 };
const nothing = new Map<string, number>();

describe("a plant's sums", () => {
  test("have the time of their newest value, not that of the sending", () => {
    expect(power({ value: 500, at: now - 3_000 }, nothing)).toEqual({
      ...{ value: 500, coverage: whole },
      at: now - 3_000,
    });
  });

  test("lie never ahead of now, where a device's clock does", () => {
    expect(power({ value: 500, at: now + 60_000 }, nothing)).toEqual({
      value: 500,
      at: now,
      coverage: whole,
    });
  });

  test("do not go back when the device that was newest drops out", () => {
    const said = new Map([["ac.power.active", now - 1_000]]);

    expect(power({ value: 300, at: now - 4_000 }, said)).toEqual({
      value: 300,
      at: now - 1_000,
      coverage: whole,
    });
  });

  test("are doubtful by a value of theirs, or by who is missing; who sleeps is not", () => {
    const flagOf = (figure: Partial<Figure>) =>
      power({ value: 500, at: now, ...figure }, nothing)?.flag;

    expect(flagOf({ doubtful: true })).toBe("suspect");
    expect(flagOf({ coverage: { reporting: 1, total: 2 } })).toBe("suspect");
    expect(flagOf({ coverage: { reporting: 1, total: 2, asleep: 1 } })).toBeUndefined();
  });

  test("keep the time they had when they go missing, and are none when they had none", () => {
    const said = new Map([["ac.power.active", now - 9_000]]);
    const missing = { value: null, at: null, reason: "noData" } as const;

    expect(power(missing, said)).toEqual({
      ...{ value: null, at: now - 9_000, flag: "failed", coverage: whole },
    });
    expect(power(missing, nothing)).toBeUndefined();
  });
});

function power(figure: Partial<Figure>, said: ReadonlyMap<string, number>) {
  const powerW: Figure = { value: null, at: null, coverage: whole, ...figure };
  const sums = sumValues({ powerW, gridW: none, irradiance: none }, now, said);
  const [found] = sums.map(({ point: _, ...rest }) => rest);
  return found;
}
