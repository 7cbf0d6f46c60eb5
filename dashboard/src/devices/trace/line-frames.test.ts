import { expect, test } from "vitest";
import { type LineFrame, lineFrames } from "./line-frames.ts";

test.each<["sent" | "got", string, readonly LineFrame[], string]>([
  [
    "sent",
    "00010000000701037d100028",
    [],
    "the length of the head is another one than that of the bytes",
  ],
  [
    "sent",
    "0001000000060103" + "7d100028",
    [{ unit: 1, says: "read", table: "holding", address: 32_016, count: 40 }],
    "a question",
  ],
  [
    "got",
    "000100000007010404" + "00ab00cd",
    [{ unit: 1, says: "values", table: "input", count: 2 }],
    "an answer",
  ],
  ["got", "000100000003018302", [{ unit: 1, says: "exception", code: 2 }], "an exception"],
  [
    "sent",
    "00010000000601069cbd0258",
    [{ unit: 1, says: "write", table: "holding", address: 40_125, count: 1 }],
    "a write of one register",
  ],
  [
    "got",
    "00010000000601109cbd0002",
    [{ unit: 1, says: "written", table: "holding", address: 40_125, count: 2 }],
    "a write that is confirmed",
  ],
  [
    "got",
    "00010000000501020200ff",
    [{ unit: 1, says: "values", table: "inputs", count: 16 }],
    "contacts",
  ],
  ["sent", "000100000005012b0e0100", [{ unit: 1, says: "other", function: 0x2b }], "another one"],
])("bytes that were %s as %s say %o: %s", (direction, hex, frames) => {
  expect(lineFrames(direction, hex)).toEqual(frames);
});

test("several frames of one piece are told apart", () => {
  const one = "000100000006010300000002";
  const other = "000200000006020300040001";

  expect(lineFrames("sent", one + other).map(({ unit }) => unit)).toEqual([1, 2]);
});

test("a frame of a serial line is known by its checksum", () => {
  const frame = "0103000000" + "0ac5cd";

  expect(lineFrames("sent", frame)).toEqual([
    { unit: 1, says: "read", table: "holding", address: 0, count: 10 },
  ]);
  expect(lineFrames("sent", frame.replace("cd", "ce"))).toEqual([]);
});

test.each(["", "00", "0001000000", "ffffffffffff"])("half a frame says nothing: %s", (hex) => {
  expect(lineFrames("got", hex)).toEqual([]);
});

test("an answer whose values are fewer than it says is none that could be read", () => {
  expect(lineFrames("got", "00010000000501030400ab")).toEqual([
    { unit: 1, says: "other", function: 3 },
  ]);
});
