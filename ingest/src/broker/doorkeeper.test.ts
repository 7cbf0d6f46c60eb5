import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import { doorkeeper } from "./doorkeeper.ts";

test("a storm from one address keeps no other address out", () => {
  const door = doorkeeper(drivenClock(0));
  const storm = Array.from({ length: 2_000 }, () => door.mayEnter("10.0.0.1"));

  expect(storm.filter(Boolean).length).toBeLessThan(500);
  expect(door.mayEnter("10.0.0.2")).toBe(true);
});

test("so many may sign in at once, and no more", () => {
  const door = doorkeeper(drivenClock(0));
  const crowd = Array.from({ length: 2_000 }, () => door.maySignIn());

  expect(crowd.filter(Boolean)).toHaveLength(500);
});
