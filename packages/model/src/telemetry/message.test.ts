import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Flag, type Frame } from "./frame.ts";
import { type Layout, layoutHash } from "./layout.ts";
import { FramesMessage, messageOf, parseRow } from "./message.ts";

const layout: Layout = { lane: "values", points: ["ac.power.active", "ac.frequency"] };
const hash = "00112233aabbccdd";
const head = {
  gateway: "roof-17",
  epoch: "0198a7b0-0000-7000-8000-000000000001",
  lane: "values" as const,
};

describe("a message of frames", () => {
  test("groups rows by layout and comes back frame by frame", () => {
    const frames = [
      frame(1, "INV-01"),
      frame(2, "INV-02"),
      { ...frame(3, "INV-01"), layout: "ff00ff00ff00ff00" },
    ];
    const message = FramesMessage.parse(JSON.parse(JSON.stringify(messageOf(head, frames))));

    expect(message.groups.map(({ rows }) => rows.length)).toEqual([2, 1]);
    const back = message.groups.flatMap((group) =>
      group.rows.map((row) => parseRow(row, group.layout, layout)),
    );
    expect(back).toEqual(frames.map((frame) => ({ ok: true, frame })));
  });

  test("carries quality only where a value is not good", () => {
    const good = messageOf(head, [frame(1, "A")]).groups[0]?.rows[0];
    const doubtful = messageOf(head, [
      { ...frame(1, "A"), values: [null, 50], quality: { 0: "failed" } },
    ]).groups[0]?.rows[0];

    expect(good).toEqual(["A", 1, 1_700_000_000_000, "synced", 4_200, 50.01]);
    expect(doubtful).toEqual(["A", 1, 1_700_000_000_000, "synced", null, 50, { 0: "failed" }]);
  });
});

describe("a row", () => {
  const good = ["INV-01", 7, 1_700_000_000_000, "synced", 1, 2];

  test.each<[string, unknown[], string]>([
    [
      "text for a value",
      [...good.slice(0, 4), "many", 2],
      "the value of ac.power.active is not a number",
    ],
    [
      "a value no plant can have",
      [...good.slice(0, 4), 1, 1e300],
      "the value of ac.frequency is not a number",
    ],
    ["a missing value", good.slice(0, 5), "1 values for 2 points"],
    [
      "null without a flag",
      [...good.slice(0, 4), null, 2],
      "ac.power.active has no value and no flag",
    ],
    ["an unknown flag", [...good, { 0: "odd" }], "the quality does not fit the layout"],
    ["a flag beyond the layout", [...good, { 2: "failed" }], "the quality does not fit the layout"],
    ["an unknown clock", good.with(3, "wrong"), "the clock state is unknown"],
    ["a time before 1990", good.with(2, 1_000), "the time is not Unix milliseconds from 1990 on"],
    ["a device with a slash", good.with(0, "a/b"), "the device is not a tag"],
  ])("with %s is refused with its number (D-6)", (_name, row, reason) => {
    expect(parseRow(row, hash, layout)).toEqual({ ok: false, reason, sequence: 7 });
  });

  test("of anything never throws, and a number that cannot be read is absent", () => {
    fc.assert(
      fc.property(fc.anything(), (row) => {
        const result = parseRow(row, hash, layout);
        expect(typeof result.ok).toBe("boolean");
      }),
    );
    expect(parseRow(["A", "x", 1, "synced", 1, 2], hash, layout)).not.toHaveProperty("sequence");
  });

  test("keeps counters beyond 2^53 digit by digit", () => {
    const row = ["M", 1, 1_700_000_000_000, "synced", "18446744073709551615", 2];
    const result = parseRow(row, hash, layout);

    expect(result.ok && result.frame.values[0]).toBe("18446744073709551615");
  });

  test("of any frame comes back as it was", () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, min: -1e30, max: 1e30 }).map((n) => (Object.is(n, -0) ? 0 : n)),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    );
    const flag = fc.constantFrom(...Flag.options);
    fc.assert(
      fc.property(fc.tuple(value, value), fc.option(flag), (values, flagged) => {
        const sent: Frame = flagged
          ? { ...frame(5, "X"), values: [null, values[1]], quality: { 0: flagged } }
          : { ...frame(5, "X"), values };
        const [group] = JSON.parse(JSON.stringify(messageOf(head, [sent]))).groups;
        expect(parseRow(group.rows[0], hash, layout)).toEqual({ ok: true, frame: sent });
      }),
    );
  });
});

test("a layout's name follows from its content and order", async () => {
  const turned = { ...layout, points: layout.points.toReversed() };

  expect(await layoutHash(layout)).toMatch(/^[0-9a-f]{16}$/);
  expect(await layoutHash(layout)).toBe(await layoutHash({ ...layout }));
  expect(await layoutHash(layout)).not.toBe(await layoutHash(turned));
  expect(await layoutHash(layout)).not.toBe(await layoutHash({ ...layout, lane: "counters" }));
});

function frame(sequence: number, device: string): Frame {
  return {
    device,
    sequence,
    layout: hash,
    at: 1_700_000_000_000,
    clock: "synced",
    values: [4_200, 50.01],
  };
}
