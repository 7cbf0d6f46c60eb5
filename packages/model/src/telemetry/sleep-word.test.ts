import { expect, test } from "vitest";
import type { DeviceReach } from "./announcement.ts";
import { type PolledDevice, sleepHolds } from "./sleep-word.ts";

const second = 1_000;
const said = Date.UTC(2026, 5, 20, 16);

test.each([
  [45 * second, true],
  [45 * second + 1, false],
])("where all sleep, the word of %d ms ago holds: %s", (age, holds) => {
  expect(holdsAt(said + age, {})).toBe(holds);
});

test("it ends when all that answered have grown stale", () => {
  const meters = { "MET-01": said + 2 * second, "MET-02": said + 3 * second };

  expect(holdsAt(said + 8 * second, meters)).toBe(true);
  expect(holdsAt(said + 8 * second + 1, meters)).toBe(false);
});

test("it waits for values that may still be on their way", () => {
  const meters = { "MET-01": said - 5 * second };

  expect(holdsAt(said + 10 * second, meters, { slackMs: 10 * second })).toBe(true);
  expect(holdsAt(said + 10 * second + 1, meters, { slackMs: 10 * second })).toBe(false);
});

test("one that was silent when it was said is no sign: the gateway has spoken since", () => {
  const meters = { "MET-01": said - 6 * second };

  expect(holdsAt(said + 30 * second, meters)).toBe(true);
});

test.each(["asleep", "unreachable", "connecting"] as const)("who is %s is not missed", (state) => {
  expect(holdsAt(said + 30 * second, { "MET-01": said }, { state })).toBe(true);
});

test("who never said a value is not missed", () => {
  expect(holdsAt(said + 30 * second, { "MET-01": null })).toBe(true);
});

/** Of meters that are read each second, by the times of their newest values. */
function holdsAt(
  now: number,
  meters: Readonly<Record<string, number | null>>,
  { state = "reachable" as DeviceReach["state"], slackMs = 0 } = {},
): boolean {
  const polled = Object.entries(meters).map(
    ([tag, newestAt]): PolledDevice => ({ tag, newestAt, everyMs: second }),
  );
  const reaches = polled.map(({ tag }) => [tag, { state, since: 0 }] as const);
  const asleep = { "INV-01": { state: "asleep" as const, since: 0 } };
  const devices = { ...asleep, ...Object.fromEntries(reaches) };
  const status = { v: 1 as const, state: "online" as const, devices };
  return sleepHolds({ status, saidAt: said, polled, slackMs }, now);
}
