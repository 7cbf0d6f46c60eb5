import { describe, expect, test } from "vitest";
import { cutPayload } from "./quarantine-cut.ts";

const mostBytes = 64 * 1024;

describe("a quarantined payload", () => {
  test("stays as it is when it is small", () => {
    const payload = { layout: "0123456789abcdef", row: ["INV-01", 1] };
    expect(cutPayload(payload).payload).toBe(payload);
  });

  test.each([
    ["plain", "x".repeat(200_000)],
    ["quotes", '"\\'.repeat(100_000)],
    ["control characters", "\u0001".repeat(100_000)],
    ["beyond ASCII", "☀😀".repeat(50_000)],
  ])("is cut, and says so: %s", (_what, text) => {
    const { payload: cut } = cutPayload({ row: [text] });
    const bytes = Buffer.byteLength(JSON.stringify({ row: [text] }));

    expect(cut).toMatchObject({ cut: true, bytes, text: expect.stringMatching(/^\{"row":\["/) });
    expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThanOrEqual(mostBytes);
  });
});
