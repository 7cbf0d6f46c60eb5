import { AnnouncedPoint, setBits } from "@sunledger/model";
import { afterEach, describe, expect, test } from "vitest";
import { put } from "../modbus/testing/register-server.ts";
import { closeAll, profileDevice, profiles, valuesOf } from "./testing/opened-device.ts";

afterEach(closeAll);

describe("vendor codes become common states and named alarms (gateway trait 24)", () => {
  test.each([
    ["huawei-sun2000", "holding", 32_089, 513, "On grid, power limited", "throttled"],
    ["huawei-sun2000", "holding", 32_089, 40_960, "Standby: no irradiation", "sleeping"],
    ["sungrow-sg", "input", 5_037, 0x5500, "Fault", "fault"],
  ] as const)("%s: the code at %s %i, %i", async (profile, table, address, code, label, state) => {
    const { poll, server, device } = await profileDevice(profile, {
      points: { include: ["state.operating"] },
    });
    put(server[table], address, [code]);
    const { "state.operating": value } = valuesOf(await poll());
    const point = device.announcement()?.points.find(({ name }) => name === "state.operating");

    expect(value).toBe(code);
    expect(point?.commonStates?.[code]).toBe(state);
    expect(point?.states?.[code]).toBe(label);
  });

  test("an alarm word is announced with the name, the severity and the maker's number of each bit", async () => {
    const { poll, server, device } = await profileDevice("huawei-sun2000", {
      points: { include: ["alarm.1", "alarm.2"] },
    });
    put(server.holding, 32_008, [1 << 7, (1 << 2) | (1 << 3)]);
    const values = valuesOf(await poll());
    const said = (device.announcement()?.points ?? []).map((point) => AnnouncedPoint.parse(point));
    const set = said.map(({ name, bits = {} }) => [name, setBits(values[name] as number, bits)]);

    expect(Object.fromEntries(set)).toEqual({
      "alarm.1": [{ bit: 7, label: "Grid lost", severity: "major", code: 2_032 }],
      "alarm.2": [
        { bit: 2, label: "Insulation resistance low", severity: "major", code: 2_062 },
        { bit: 3, label: "Overtemperature", severity: "minor", code: 2_063 },
      ],
    });
  });

  test("the events of SunSpec models are named, too", () => {
    const { points = [], bitfields } = profiles.get("sunspec") ?? {};
    const events = points.filter(({ name }) => name === "event.1");

    expect(events.length).toBeGreaterThan(0);
    for (const { bits = "" } of events) {
      expect(bitfields?.[bits]?.["0"]).toMatchObject({ label: "ground fault" });
    }
  });
});
