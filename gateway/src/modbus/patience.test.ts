import { describe, expect, test } from "vitest";
import { patience } from "./patience.ts";

describe("how long to wait for answers (gateway trait 10)", () => {
  test("as long as the device's limits say", () => {
    expect(patience().timeoutMs(1_000)).toBe(1_000);
  });

  test("longer once an answer came late, up to three times", () => {
    const unit = patience();
    unit.late(1_200);
    expect(unit.timeoutMs(1_000)).toBe(1_800);

    unit.late(60_000);
    expect(unit.timeoutMs(1_000)).toBe(3_000);
  });

  test("as before after enough answers in time, and never less", () => {
    const unit = patience();
    unit.late(1_200);
    for (let i = 0; i < 1_000; i += 1) unit.inTime();

    expect(unit.timeoutMs(1_000)).toBe(1_000);
  });
});
