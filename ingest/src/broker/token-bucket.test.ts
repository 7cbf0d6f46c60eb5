import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import { tokenBucket } from "./token-bucket.ts";

test("a burst at once, then so many a second", async () => {
  const pace = drivenClock(0);
  const bucket = tokenBucket({ burst: 3, perSecond: 2 }, pace);
  const takeAll = () => {
    let taken = 0;
    while (bucket.take()) taken += 1;
    return taken;
  };

  expect(takeAll()).toBe(3);
  expect(bucket.hasMore()).toBe(false);
  await pace.advance(1_000);
  expect(takeAll()).toBe(2);
  await pace.advance(60_000);
  expect(bucket.isFull()).toBe(true);
  expect(takeAll()).toBe(3);
});
