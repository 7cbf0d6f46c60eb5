import { addressOf } from "@sunledger/model/device-url";
import { expect, test } from "vitest";
import { rulesOf } from "../polling/device-limits.ts";
import type { DeviceLine } from "../polling/device-line.ts";
import { addressedPoints } from "../profiles/addressed-points.ts";
import { knownProfile } from "../profiles/load-profiles.ts";
import { Refusal } from "./refusal.ts";
import { targetPoint } from "./target-point.ts";
import { percent } from "./testing/bench.ts";
import { testDeviceProfile } from "./testing/test-profile.ts";

const profile = knownProfile(testDeviceProfile, new Map());

test("no set-point is written where the unit is every device of its line at once", () => {
  expect(targetPoint(lineThat(true), percent).name).toBe(percent);
  expect(() => targetPoint(lineThat(false), percent)).toThrow(Refusal);
  expect(() => targetPoint(lineThat(false), percent)).toThrow(
    "unit 0 of LOG-01 is every device of its line at once",
  );
});

function lineThat(mayWrite: boolean): DeviceLine {
  return {
    config: { tag: "LOG-01", url: "tcp://127.0.0.1?unit=0", profile: profile.id },
    ...{ profile, found: addressedPoints(profile), mayWrite },
    rules: rulesOf(profile, addressOf("tcp://127.0.0.1").line),
    read: async () => [],
    write: async () => {},
  };
}
