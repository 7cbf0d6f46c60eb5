import type { Balance } from "@sunledger/model";
import { memoryConditions } from "@sunledger/store";
import { expect, test } from "vitest";
import { missingFrames } from "./missing-frames.ts";

const whole: Balance = {
  ...{ lane: "values", produced: 10, stored: 7, quarantined: 0, givenUp: 0 },
  ...{ waiting: 0, missing: 3 },
};
const none: Balance = { ...whole, stored: 10, missing: 0 };
const ofHour: Balance = { ...whole, hour: 3_600_000, produced: 5, stored: 2 };
const always = { organisation: "own", from: 0, to: 10_000, most: 10 };

test("a lane lacks frames from when it was seen until they are there, over a restart too (D-13)", async () => {
  const conditions = memoryConditions();
  let now = 1_000;
  const clock = { now: () => now };
  const first = missingFrames(conditions, clock);
  await first.note("own", "roof-gw", [whole, ofHour]);
  now = 2_000;
  await missingFrames(conditions, clock).note("own", "roof-gw", [{ ...whole, missing: 4 }]);
  now = 3_000;
  const lasting = { subject: "roof-gw", kind: "frames_missing", channel: "values", start: 1_000 };
  expect(await conditions.of(always)).toEqual([
    { ...lasting, foundAt: 1_000, evidence: { missing: 4, hours: [] } },
  ]);

  await missingFrames(conditions, clock).note("own", "roof-gw", [none]);
  expect(await conditions.of(always)).toEqual([
    { ...lasting, foundAt: 1_000, end: 3_000, evidence: { missing: 4, hours: [] } },
  ]);

  now = 4_000;
  await first.note("own", "roof-gw", [none]);
  await missingFrames(conditions, clock).note("own", "roof-gw", [whole, ofHour]);
  const again = await conditions.of(always);
  expect(again.map(({ start, end }) => [start, end])).toEqual([
    [4_000, undefined],
    [1_000, 4_000],
  ]);
  expect(again[0]?.evidence).toEqual({ missing: 3, hours: [{ hour: 3_600_000, missing: 3 }] });
});

test("of a gateway that lacks nothing nothing is kept, and the same is kept once", async () => {
  const conditions = memoryConditions();
  let kept = 0;
  const counted = {
    ...conditions,
    keep: (...args: Parameters<typeof conditions.keep>) => {
      kept += 1;
      return conditions.keep(...args);
    },
  };
  const missing = missingFrames(counted, { now: () => 1_000 });
  await missing.note("own", "roof-gw", [none]);
  expect(kept).toBe(0);
  for (let i = 0; i < 3; i += 1) await missing.note("own", "roof-gw", [whole]);
  expect(kept).toBe(1);
});

test("gateways that are compared at once are each noted, and once", async () => {
  const kept = memoryConditions();
  const slow = {
    ...kept,
    of: async (query: Parameters<typeof kept.of>[0]) => {
      const all = await kept.of(query);
      await new Promise((resolve) => setImmediate(resolve));
      return all;
    },
  };
  let now = 1_000;
  const missing = missingFrames(slow, { now: () => now });
  await Promise.all(["a", "b", "a"].map((gateway) => missing.note("own", gateway, [whole])));
  now = 2_000;
  await Promise.all(["a", "b"].map((gateway) => missing.note("own", gateway, [none])));

  const told = await kept.of(always);
  expect(told.map(({ subject, start, end }) => [subject, start, end]).sort()).toEqual([
    ["a", 1_000, 2_000],
    ["b", 1_000, 2_000],
  ]);
});

test("a store that is away is asked again", async () => {
  const kept = memoryConditions();
  let isAway = true;
  const of: typeof kept.of = (query) =>
    isAway ? Promise.reject(new Error("away")) : kept.of(query);
  const missing = missingFrames({ ...kept, of }, { now: () => 1_000 });
  await expect(missing.note("own", "a", [whole])).rejects.toThrow("away");
  isAway = false;
  await missing.note("own", "a", [whole]);
  expect(await kept.of(always)).toHaveLength(1);
});
