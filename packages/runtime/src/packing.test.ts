import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { packJson, unpackJson } from "./packing.ts";

describe("packed JSON", () => {
  test("comes back, plain when short and deflated when long", async () => {
    const short = { v: 1 };
    const long = { values: Array.from({ length: 400 }, (_, i) => i % 7) };

    const longer = { values: Array.from({ length: 20_000 }, (_, i) => i % 9) };

    expect((await packJson(short))[0]).toBe(0x7b);
    expect((await packJson(long))[0]).toBe(0x78);
    expect(unpackJson(await packJson(short))).toEqual(short);
    expect(unpackJson(await packJson(long))).toEqual(long);
    expect(unpackJson(await packJson(longer))).toEqual(longer);
  });

  test("refuses what unfolds beyond the limit", () => {
    const bomb = deflateSync(Buffer.alloc(1_000_000, " "));

    expect(() => unpackJson(bomb, 10_000)).toThrow();
    expect(() => unpackJson(Buffer.alloc(20_000, "{"), 10_000)).toThrow("too long");
  });

  test.each([
    ["empty", ""],
    ["text", "hello"],
    ["half a stream", "\x78\x9c\x01"],
    ["bad JSON", "{"],
  ])("refuses %s", (_name, bytes) => {
    expect(() => unpackJson(Buffer.from(bytes, "latin1"))).toThrow();
  });
});
