import { expect, test } from "vitest";
import { noon } from "./contract-frames.ts";
import { type FrameRow, packRows, unpackRows } from "./packed-frames.ts";

const points = 12;

test("packing a long day, everybody else has a turn between columns and stretches of rows", async () => {
  const rows = Array.from({ length: 20_000 }, (_, i): FrameRow => {
    const values = Array.from(
      { length: points },
      (_, point) => ((i * 7_919 + point) % 4_096) / 100,
    );
    const row = { at: noon + 1_000 * i, sequence: i + 1, stream: 1 };
    return { ...row, gauges: `{${values.join(",")}}`, counters: null, exact: null, quality: null };
  });
  let turns = 0;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);

  const chunk = await packRows(rows);

  clearImmediate(next);
  expect(turns).toBeGreaterThan(points + 20);
  expect(unpackRows(chunk, "values")).toEqual(rows);
});
