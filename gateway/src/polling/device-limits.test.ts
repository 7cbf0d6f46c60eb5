import { describe, expect, test } from "vitest";
import { addressOf } from "../modbus/device-url.ts";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { lineMannersOf, rulesOf } from "./device-limits.ts";

const profiles = loadProfiles({ sunspec: sunspecPointNames(loadSunspecModels()) });

describe("how many unwanted registers a read crosses", () => {
  test.each([
    // Without a limit of its own, the line decides.
    ["sunspec", "tcp://h", 64],
    ["sunspec", "rtu+tcp://h", 14],
    ["sunspec", "serial:///dev/ttyUSB0", 14],
    ["sunspec", "serial:///dev/ttyUSB0?baud=115200", 64],
    // The device's limit binds on the fastest line, and its pause makes requests dear.
    ["eastron-sdm630", "serial:///dev/ttyUSB0?baud=38400", 30],
    ["eastron-sdm630", "serial:///dev/ttyUSB0?baud=2400", 14],
    ["schneider-iem3155", "serial:///dev/ttyUSB0?baud=1200&parity=even", 11],
  ])("%s at %s: %i", (id, url, registers) => {
    const profile = profiles.get(id);
    if (!profile) throw new Error(`there is no profile ${id}`);

    expect(rulesOf(profile, addressOf(url).line).maxGap).toBe(registers);
  });
});

describe("what a device's profile asks of its line", () => {
  test.each([
    ["solaredge", { idleDisconnectMs: 120_000, minRequestIntervalMs: 50 }],
    ["sungrow-logger", { broadcastForbidden: true }],
    ["huawei-sun2000", { connectDelayMs: 2_000, broadcastForbidden: false }],
  ])("%s", (id, manners) => {
    const profile = profiles.get(id);
    if (!profile) throw new Error(`there is no profile ${id}`);

    expect(lineMannersOf(profile)).toMatchObject(manners);
  });
});
