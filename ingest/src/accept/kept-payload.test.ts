import { createHash } from "node:crypto";
import { LongPayload } from "@sunledger/model";
import { unpackJson } from "@sunledger/runtime";
import { describe, expect, test } from "vitest";
import { keptPayload } from "./kept-payload.ts";

/** What no packing makes shorter than its bits: as long as a message may be. */
const dense = Array.from({ length: 3_800 }, (_, i) =>
  createHash("sha384").update(`${i}`).digest("base64"),
).join("");

describe("a quarantined payload", () => {
  test("stays as it is when it is small", () => {
    const payload = { layout: "0123456789abcdef", row: ["INV-01", 1] };
    expect(keptPayload(payload).payload).toBe(payload);
  });

  test.each([
    ["plain", "x".repeat(8_000_000), 16_000],
    ["quotes", '"\\'.repeat(100_000), 4_000],
    ["control characters", "\u0001".repeat(100_000), 4_000],
    ["beyond ASCII", "☀😀".repeat(50_000), 4_000],
    ["dense", dense, dense.length * 1.1],
  ])("is kept whole when it is long, and small: %s", (_what, text, mostBytes) => {
    const { payload, keptBytes } = keptPayload({ row: [text] });
    const { bytes, text: beginning, deflated = "" } = LongPayload.parse(payload);

    expect(bytes).toBe(Buffer.byteLength(JSON.stringify({ row: [text] })));
    expect(beginning).toMatch(/^\{"row":\["/);
    expect(unpackJson(Buffer.from(deflated, "base64"))).toEqual({ row: [text] });
    expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThanOrEqual(mostBytes);
    expect(keptBytes).toBeGreaterThan(deflated.length);
  });
});
