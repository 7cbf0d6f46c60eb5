import { expect, test } from "vitest";
import { type BlockTime, blockOf, dayBlocksOf, quarterMs, stretchesOf } from "./blocks.ts";
import type { Block } from "./postgres-blocks.ts";
import { blockOfQuarters, renewedBlock, rollRaw } from "./roll-day.ts";

const minute = 60_000;
const hour = 60 * minute;
const midnight = Date.UTC(2026, 5, 20, 18, 30); // in India

test("a local day and its hours are made of the quarters in it, and of no others", () => {
  const times = Float64Array.from(
    { length: 4 * 36 },
    (_, i) => midnight - 6 * hour + i * quarterMs,
  );
  const column = { numbers: Float64Array.from(times, (_, i) => i), texts: new Map() };
  const from = midnight - 6.5 * hour;
  const whole = { from, to: from + 42 * hour };
  const { quarters } = rollRaw({ times, columns: [column] }, whole, true);
  const blocks = [0, 6, 12, 18, 24, 30, 36].map((h): Block => {
    return renewedBlock(blockOf("quarter", from + h * hour), undefined, quarters, [whole]);
  });

  const [hours, day] = dayBlocksOf(midnight, "Asia/Kolkata").map((time) =>
    blockOfQuarters(time, blocks),
  );

  expect(day?.points[0]?.[0]).toMatchObject({
    ...{ count: 96, first: 24, last: 119, rise: 95 },
    firstAt: midnight,
  });
  expect(hours?.points[0]).toHaveLength(24);
  expect(hours?.points[0]?.[1]).toMatchObject({ count: 4, first: 28, firstAt: midnight + hour });
});

test("a row keeps what was not rolled up anew", () => {
  const noon = Date.UTC(2026, 5, 21, 12);
  const time: BlockTime = blockOf("quarter", noon);
  const series = (at: readonly number[]) => ({
    times: Float64Array.from(at),
    columns: [{ numbers: Float64Array.from(at, (_, i) => i + 1), texts: new Map() }],
  });
  const hourLong = { from: noon, to: noon + hour };
  const all = rollRaw(series([noon, noon + quarterMs, noon + 2 * quarterMs]), hourLong, false);
  const before = renewedBlock(time, undefined, all.quarters, [hourLong]);
  const second = { from: noon + quarterMs, to: noon + 2 * quarterMs };
  const anew = rollRaw(series([]), second, false);

  const after = renewedBlock(time, before, anew.quarters, [second]);

  const counts = after.points[0]?.map((roll) => roll?.count);
  expect(counts?.slice(0, 4)).toEqual([1, undefined, 1, undefined]);
  expect(stretchesOf(time)).toHaveLength(24);
});
