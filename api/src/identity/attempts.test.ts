import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import { attempts } from "./attempts.ts";

const limit = { most: 3, withinMs: 60_000 };

test("lets the first failures pass and makes the next wait until the oldest is forgotten", async () => {
  const clock = drivenClock(0);
  const counted = attempts(clock, limit);
  for (const at of [0, 10_000, 20_000]) {
    await clock.advance(at);
    expect(counted.waitOf("wang")).toBe(0);
    counted.failed("wang");
  }

  expect(counted.waitOf("wang")).toBe(40_000);
  expect(counted.waitOf("li")).toBe(0);
  await clock.advance(60_001);
  expect(counted.waitOf("wang")).toBe(0);
});

test("forgets failures after a success", () => {
  const counted = attempts(drivenClock(0), limit);
  for (let i = 0; i < 3; i += 1) counted.failed("wang");
  counted.succeeded("wang");

  expect(counted.waitOf("wang")).toBe(0);
});

test("takes one failure back and keeps the others", () => {
  const counted = attempts(drivenClock(0), limit);
  for (let i = 0; i < 3; i += 1) counted.failed("wang");
  counted.takeBack("wang");

  expect(counted.waitOf("wang")).toBe(0);
  counted.failed("wang");
  expect(counted.waitOf("wang")).toBe(60_000);
});
