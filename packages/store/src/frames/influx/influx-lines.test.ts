import { describe, expect, test } from "vitest";
import type { SeriesFrame } from "../series/series-engine.ts";
import { fitsLine, lineOf } from "./influx-lines.ts";

const points = ["ac.power.active", "dc.current[3]", "vendor:Temp"];

function frame(part: Partial<SeriesFrame>): SeriesFrame {
  return {
    ...{ organisation: "org", device: "dev", layout: "00ff00ff00ff00ff", sequence: 7, stream: 42 },
    ...{ at: 1_782_043_200_123, clock: "synced", values: [1, 2.5, -3e-7] },
    ...part,
  };
}

describe("a frame in line protocol", () => {
  test("is a point of its layout's measurement, with each good value under its name", () => {
    expect(lineOf(frame({}), points)).toBe(
      "frame_00ff00ff00ff00ff,device=dev,organisation=org " +
        "~sequence=7i,~stream=42i,ac.power.active=1,dc.current[3]=2.5,vendor:Temp=-3e-7 1782043200123",
    );
  });

  test("keeps what is in doubt beside, and leaves out what is missing", () => {
    const doubtful = frame({
      ...{ values: [5, null, null], clock: "unsynced" },
      quality: { 0: "suspect", 1: "notImplemented" },
    });

    expect(lineOf(doubtful, points)).toBe(
      "frame_00ff00ff00ff00ff,device=dev,organisation=org ~sequence=7i,~stream=42i," +
        'ac.power.active~doubted=5,~quality="{\\"ac.power.active\\":\\"suspect\\",' +
        '\\"dc.current[3]\\":\\"notImplemented\\"}",~clock="unsynced" 1782043200123',
    );
  });

  test("writes digits that are a double as one, and zero without a sign", () => {
    expect(lineOf(frame({ values: ["5.0", -0, 1e21] }), points)).toContain(
      "ac.power.active=5,dc.current[3]=0,vendor:Temp=1e+21 ",
    );
  });

  test("is possible when nothing would be lost by it", () => {
    expect(fitsLine(frame({}))).toBe(true);
    expect(fitsLine(frame({ values: ["18446744073709551615", 1, 2] }))).toBe(false);
    expect(fitsLine(frame({ values: ["0.10000000000000000001", 1, 2] }))).toBe(false);
    expect(fitsLine(frame({ at: Date.UTC(2262, 3, 11) }))).toBe(true);
    expect(fitsLine(frame({ at: Date.UTC(2262, 3, 13) }))).toBe(false);
  });
});
