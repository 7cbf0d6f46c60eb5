import { expect, test } from "vitest";
import { registerImage } from "../registers/image.ts";
import { meterMakes } from "./meter-makes.ts";

const tables = Object.entries(meterMakes).map(([id, { table }]) => [id, table(1e6)] as const);

test.each(tables)(
  "%s says how far its counters go, and by whom, or that nobody does",
  (_, table) => {
    const { digitsFrom = "", rows } = table;
    const counters = rows.filter(({ counter }) => counter);
    const withDigits = counters.filter(({ digits }) => digits !== undefined);

    expect(digitsFrom).not.toBe("");
    expect(counters.length).toBeGreaterThan(0);
    expect(withDigits).toEqual(digitsFrom.startsWith("none: ") ? [] : counters);
  },
);

test.each([
  ["eastron-sdm630", 10_000_000],
  ["carlogavazzi-em340", 10_000_000],
] as const)("%s begins again behind its last kilowatt-hour", (id, kilowattHours) => {
  const point = "ac.energy.import.total";
  const shown = [-1, 0, 2].map((more) => {
    const { values } = registerImage(meterMakes[id].table(1e6), {
      [point]: 1_000 * (kilowattHours + more),
    });
    return values.get(point);
  });

  expect(shown).toEqual([1_000 * (kilowattHours - 1), 0, 2_000]);
});
