import { expect, test } from "vitest";
import { closedGapReason } from "./gap-reason.ts";

const hour = 3_600_000;
const place = { latitude: 31.2, longitude: 121.5 };
const noon = Date.UTC(2026, 5, 21, 4);
const day = { from: noon - hour, to: noon };
const night = { from: noon - 12 * hour, to: noon - 11 * hour };

const silent = (gap: typeof day, isInverter = false) => ({ isInverter, gaps: [gap] });
const reporting = { isInverter: false, gaps: [] };

test.each([
  ["all others were silent as well", day, [silent(day), silent(day, true)], "gatewayOffline"],
  ["another one reported", day, [silent(day), reporting], "unreachable"],
  ["there is no other", day, [], "noData"],
  ["another one was silent for a moment", day, [silent({ ...day, from: noon - 1 })], "unreachable"],
  ["only inverters slept in the dark", night, [silent(night, true)], "noData"],
  ["an inverter slept and the sensor reported", night, [reporting], "noData"],
  ["the sensor was silent in the dark", night, [silent(night)], "gatewayOffline"],
] as const)("when %s", (_, gap, witnesses, reason) => {
  const sleep = { mayBe: true, wasTold: false };
  expect(closedGapReason(gap, sleep, witnesses, place)).toBe(reason);
});

test.each([
  ["inverters slept, as in the dark", night, [silent(night, true)], "asleep"],
  ["inverters slept before sunset", day, [silent(day, true)], "asleep"],
  ["there is no other", night, [], "asleep"],
  ["the sensor reported", night, [reporting], "asleep"],
  ["the sensor was silent too", night, [silent(night)], "gatewayOffline"],
] as const)("when the gateway told of its sleep and %s", (_, gap, witnesses, reason) => {
  const sleep = { mayBe: true, wasTold: true };
  expect(closedGapReason(gap, sleep, witnesses, place)).toBe(reason);
});
