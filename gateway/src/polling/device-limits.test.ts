import { addressOf } from "@sunledger/model/device-url";
import { describe, expect, test } from "vitest";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { intervalOf, limitedBy, lineMannersOf, rulesOf } from "./device-limits.ts";

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

describe("what a device behind a master stands", () => {
  const known = (id: string) => {
    const profile = profiles.get(id);
    if (!profile) throw new Error(`there is no profile ${id}`);
    return profile;
  };

  test("is what both stand", () => {
    const limited = limitedBy(known("huawei-sun2000"), known("huawei-smartlogger"));
    expect(limited.limits).toMatchObject({ maxRegistersPerRead: 64, connectDelayMs: 2_000 });
    expect(limited.limits.responseTimeoutMs).toBeGreaterThanOrEqual(5_000);

    const ofMeter = limitedBy(known("huawei-smartlogger-meter"), known("huawei-smartlogger"));
    expect(ofMeter.limits.maxRegistersPerRead).toBe(100);
  });

  test("is never written to at once with all others where the master forbids it", () => {
    const limited = limitedBy(known("sungrow-sg"), known("sungrow-logger"));
    expect(lineMannersOf(limited)).toMatchObject({ broadcastForbidden: true, window: 1 });
  });

  test("without a master is its own", () => {
    const profile = known("huawei-sun2000");
    expect(limitedBy(profile, undefined)).toBe(profile);
  });
});

describe("how often it is polled", () => {
  const classes = { fast: 1_000, normal: 10_000, slow: 60_000 };

  test.each([
    [undefined, 1_000, 10_000],
    [500, 1_000, 10_000],
    // Slots of several classes fall together only on a grid that is not too fine.
    [1_001, 1_100, 10_000],
    [12_345, 12_400, 12_400],
  ])("at least %s ms: fast each %i ms, normal each %i ms", (minPollMs, fast, normal) => {
    const profile = profiles.get("sunspec");
    if (!profile) throw new Error("there is no profile sunspec");
    const limits = { ...profile.limits, ...(minPollMs !== undefined && { minPollMs }) };
    const everyMs = (pollClass: "fast" | "normal") =>
      intervalOf(pollClass, classes, { ...profile, limits });

    expect([everyMs("fast"), everyMs("normal")]).toEqual([fast, normal]);
  });
});
