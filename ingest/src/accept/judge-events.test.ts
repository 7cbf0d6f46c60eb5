import { expect, test } from "vitest";
import { noon } from "../testing/frames.ts";
import { judgeEvents } from "./judge-events.ts";

const devices = new Map([["INV-01", "5b0c9a52-2f1c-4c0e-9a55-0c7c2f6f0001"]]);
const event = {
  ...{ id: "0197b0c4-7b44-7a8e-9d6c-2b1d1c5e9a01", device: "INV-01", kind: "reset", at: noon },
  ...{ point: "ac.energy.import.total", before: "5000", after: "3" },
};

const terms = { devices, now: noon, isDoubted: () => false };

test("an event is kept under the id of its device", () => {
  expect(judgeEvents([event], terms)).toEqual({
    events: [{ ...event, device: devices.get("INV-01") }],
    ...{ quarantined: [], refused: [], left: 0, hasUnknownDevice: false },
  });
});

test.each([
  ["an unknown device", { ...event, device: "INV-99" }, "unknownDevice", "unknown device INV-99"],
  ["the future", { ...event, at: noon + 600_001 }, "future", "more than 10 minutes in the future"],
  ["an unknown kind", { ...event, kind: "joy" }, "malformed", "an event: kind:"],
  [
    "a zero character",
    { ...event, before: "\0" },
    "malformed",
    "an event: before: has a zero character",
  ],
])("one of %s is quarantined and need not come again (D-6)", (_what, bad, code, reason) => {
  const { events, quarantined, refused } = judgeEvents([bad, event], terms);

  expect(events).toHaveLength(1);
  expect(refused).toEqual([event.id]);
  expect(quarantined).toEqual([
    { code, reason: expect.stringContaining(reason), payload: { event: bad } },
  ]);
});

test("one that is ahead of a clock that is doubted is to come again (D-14)", () => {
  const ahead = { ...event, at: noon + 600_001 };

  expect(judgeEvents([ahead], { ...terms, isDoubted: () => true })).toEqual({
    ...{ events: [], quarantined: [], refused: [], left: 1, hasUnknownDevice: false },
  });
});

test("what is no event at all is quarantined too", () => {
  expect(judgeEvents([null, 7], terms)).toMatchObject({ events: [], refused: [] });
});
