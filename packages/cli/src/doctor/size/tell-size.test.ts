import type { Sizes } from "@sunledger/store";
import { describe, expect, test } from "vitest";
import { inBytes, tellSize } from "./tell-size.ts";

const keeping = { packAfterDays: 30, keepRawDays: 730, keepMinutesDays: 365 };
const sizes: Sizes = {
  bytes: { open: 12e6, packed: 3e9, rollUps: 5e8, aside: 1e5, rest: 1e7 },
  pace: [{ lane: "values", devices: 10, framesADay: 100_000, valuesADay: 1_000_000 }],
  bytesAValue: { open: 12, packed: { values: 0.5 } },
  rollUpsADay: { minutes: 3e6, longer: 1e6 },
};

describe("an installation's size in words", () => {
  test("says what is there, what each year brings and how long the disk lasts", () => {
    const lines = [...tellSize({ sizes, keeping, room: 1e10 })];
    expect(lines).toContain("  together                        3.52 GB");
    expect(lines).toContain("  packed values, 730 days             168 MB    350 MB    350 MB");
    expect(lines).toContain("  roll-ups of minutes, 365 days      1.09 GB   1.09 GB   1.09 GB");
    expect(lines).toContain("  and each further year               365 MB");
    expect(lines.at(-1)).toBe("  The disk has room for ten years and more.");
    expect([...tellSize({ sizes, keeping, room: 1e8 })].at(-1)).toMatch(
      /^ {2}The disk is full in \d+ days\.$/,
    );
  });

  test("says what is not measured here", () => {
    const { rollUpsADay: _, ...young } = { ...sizes, bytesAValue: { packed: {} } };
    const told = [...tellSize({ sizes: young, keeping })].join("\n");
    expect(told).toContain("(as usual: none is packed yet)");
    expect(told).toContain("(as usual: too little to measure)");
    expect(told).toContain("Roll-ups come on top");
    expect(told).not.toContain("The disk");
  });

  test("foretells nothing where nothing comes, and names the store that has the values", () => {
    const told = [
      ...tellSize({ sizes: { ...sizes, pace: [] }, keeping, elsewhere: "influx:8086" }),
    ];
    expect(told).toContain("  Values are in influx:8086 and are not counted here.");
    expect(told.at(-1)).toMatch(/^Nothing came within the last day/);
  });
});

test.each([
  [0, "0.00 MB"],
  [999_000_000, "999 MB"],
  [1_000_000_000, "1.00 GB"],
  [12_340_000_000_000, "12.3 TB"],
  [5e18, "5000 PB"],
])("%d bytes are %s", (bytes, words) => {
  expect(inBytes(bytes)).toBe(words);
});
