import { describe, expect, test } from "vitest";
import { factorOption, instantOption } from "./options.ts";

describe("an instant given as an option", () => {
  test.each([
    ["2026-11-22T00:00:00+08:00", Date.UTC(2026, 10, 21, 16)],
    ["2026-11-22T00:00Z", Date.UTC(2026, 10, 22)],
  ])("%s is one", (text, at) => {
    expect(instantOption(text)).toBe(at);
  });

  test.each([
    ["2020-02-30T06:10Z", "There is no such moment."],
    ["2026-11-22T25:00Z", "There is no such moment."],
    ["2026-11-22T00:00", "Write it with its offset"],
    ["yesterday", "Write it with its offset"],
  ])("%s is refused: %s", (text, why) => {
    expect(() => instantOption(text)).toThrow(why);
  });
});

test.each(["-1", "0", "fast", "Infinity", ""])("%j is no factor", (text) => {
  expect(() => factorOption(text)).toThrow("Write a number above 0.");
});
