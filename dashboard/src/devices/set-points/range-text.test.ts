import { expect, test } from "vitest";
import { rangeText } from "./range-text.ts";

const said = (key: string, values: object) => `${key.slice(9)} ${Object.values(values).join()}`;

test("bounds are named as far as the profile knows them", () => {
  expect(rangeText({ min: 0, max: 100, step: 0.1 }, said)).toBe(
    "range.from 0, range.to 100, range.step 0.1",
  );
  expect(rangeText({ min: 0 }, said)).toBe("range.from 0");
  expect(rangeText({}, said)).toBe("range.none ");
});

test("few values are listed with what they mean", () => {
  expect(rangeText({ min: 0, allowed: [{ value: 85 }, { value: 170, label: "on" }] }, said)).toBe(
    "range.allowed 85, 170 (on)",
  );
});
