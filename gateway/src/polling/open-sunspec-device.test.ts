import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import {
  closeAll,
  common,
  inverter,
  never,
  soonMs,
  start,
  sunspecDevice,
  valuesOf,
} from "./testing/opened-device.ts";

afterEach(closeAll);

describe("a SunSpec device (gateway traits 12, 13, 14)", () => {
  test("is found by its chain: values in base units, counters in their own lane", async () => {
    const { poll, device } = await sunspecDevice([common, inverter]);
    const polled = await poll();

    expect(polled.map(({ lane, device, at }) => [lane, device, at])).toEqual([
      ["counters", "INV-01", start],
      ["values", "INV-01", start],
    ]);
    expect(valuesOf(polled)).toMatchObject({
      "ac.energy.generated.total": 12_345_600,
      "ac.power.active": 76_540,
      "ac.current.total": 12.34,
      "ac.voltage.an": 230.1,
      "ac.frequency": 50.01,
      "temp.cabinet": 45.5,
      "state.operating": 4,
      "event.1": 0,
      "ac.power.reactive": "notImplemented",
    });
    expect(device.announcement()).toMatchObject({
      tag: "INV-01",
      kind: "inverter",
      profile: { id: "sunspec" },
      texts: { "id.manufacturer": "Maker", "id.model": "Model 9", "id.serial": "S-1" },
    });
    const operating = device.announcement()?.points.find(({ name }) => name === "state.operating");
    expect(operating).toMatchObject({
      lane: "values",
      kind: "state",
      everyMs: 10_000,
      source: "103:St (holding 40108 enum16)",
      states: { 4: "Generating, MPP tracking" },
      commonStates: { 4: "generating", 5: "throttled" },
    });
  });

  test.each([0, 50_000])(
    "is found at %i, though it is silent at the bases before (trait 13)",
    async (base) => {
      const { poll, device, server } = await sunspecDevice([common, inverter], {
        image: { base },
        responseTimeoutMs: soonMs,
      });
      server.ignore = ({ address }) => address < base || address > base + 1_000;
      let polled = await poll().catch(() => []);
      for (let trials = 0; polled.length === 0 && trials < 3; trials += 1) {
        polled = await device.tryOnce(never).then(
          () => poll(),
          () => [],
        );
      }
      expect(valuesOf(polled)).toMatchObject({ "ac.power.active": 76_540 });

      server.requests.length = 0;
      await device.tryOnce(never);
      expect(server.requests).toMatchObject([{ address: base }]);
    },
  );

  test("reads each class at its own time, in one request where it can", async () => {
    const { poll, server } = await sunspecDevice([common, inverter]);
    await poll();
    server.requests.length = 0;

    const polled = await poll({ due: ["fast"] });

    expect(Object.keys(valuesOf(polled))).toEqual(["ac.power.active", "dc.power"]);
    expect(server.requests).toHaveLength(1);
  });

  test("what has no value for days is there again within the hour of its first", async () => {
    const hourMs = 3_600_000;
    const { poll, server, device } = await sunspecDevice([common, { ...inverter, TmpCab: null }]);
    const names = () => device.announcement()?.points.map(({ name }) => name);
    for (let day = 0; day < 4; day += 1) await poll({ slot: start + day * 24 * hourMs });
    expect(names()).not.toContain("temp.cabinet");

    const at = start + 3 * 24 * hourMs;
    server.holding.set(40_103, 455);
    expect(valuesOf(await poll({ slot: at + 1_000, due: ["normal", "slow"] }))).not.toHaveProperty([
      "temp.cabinet",
    ]);
    const due = ["fast", "normal", "slow"] as const;
    expect(valuesOf(await poll({ slot: at + hourMs, due }))).toMatchObject({
      "temp.cabinet": 45.5,
    });
    expect(names()).toContain("temp.cabinet");
  });

  test("continues the pattern for as many modules as there are", async () => {
    const module = (n: number) => ({ DCA: n, DCV: 100 * n, DCW: 10 * n, DCWH: 1_000 * n, Tmp: n });
    const mppt = {
      ID: 160,
      ...{ DCA_SF: 0, DCV_SF: -1, DCW_SF: 1, DCWH_SF: 0, N: 7 },
      module: [1, 2, 3, 4, 5, 6, 7].map(module),
    };
    const { poll, server } = await sunspecDevice([common, mppt]);
    const values = valuesOf(await poll());

    // Modules 6 and 7 lie further from their scale factors than one request reaches.
    expect(values).toMatchObject({
      "id.mppts": 7,
      "dc.mppt.1.voltage": 10,
      "dc.mppt.5.power": 500,
      "dc.mppt.7.voltage": 70,
      "dc.mppt.7.energy.total": 7_000,
    });
    expect(Object.keys(values).filter((name) => name.endsWith(".current"))).toHaveLength(7);
    expect(server.requests.every(({ count }) => count <= 125)).toBe(true);
  });

  test("prefers the float twin of a model", async () => {
    const float = { ID: 113, W: 1_234.5, WH: 9_876_543, Hz: 50.01 };
    const { poll } = await sunspecDevice([common, inverter, float]);

    expect(valuesOf(await poll())).toMatchObject({
      "ac.power.active": 1_234.5,
      "ac.energy.generated.total": 9_876_543,
    });
  });

  test("a meter's percent become a ratio, import stays positive", async () => {
    const meter = { ID: 203, W: -55, W_SF: 3, PF: -97, PF_SF: 0, TotWhImp: 7, TotWh_SF: 6 };
    const { poll, device } = await sunspecDevice([common, meter]);

    expect(valuesOf(await poll())).toMatchObject({
      "ac.power.active": -55_000,
      "ac.powerFactor": -0.97,
      "ac.energy.import.total": 7_000_000,
      "ac.energy.export.total": "notImplemented",
    });
    expect(device.announcement()?.kind).toBe("meter");
  });

  test("the second device of a chain is another device", async () => {
    const second = { ...common, SN: "S-2" };
    const { poll, device } = await sunspecDevice(
      [common, inverter, second, { ID: 203, W: 5, W_SF: 0 }],
      { more: "&device=2" },
    );

    expect(valuesOf(await poll())).toMatchObject({ "ac.power.active": 5 });
    expect(device.announcement()?.texts["id.serial"]).toBe("S-2");
  });

  test("a map that moved while the device was away is found again", async () => {
    const { poll, server } = await sunspecDevice([common, inverter]);
    await poll();

    const moved = deviceImage([common, { ID: 122 }, { ...inverter, W: 1 }]);
    for (const [address, word] of moved) server.holding.set(address, word);
    server.hangUp();
    // The first poll may still find out that the connection is gone.
    await poll({ due: ["fast"] });
    const polled = await poll({ due: ["fast"] });

    expect(valuesOf(polled)).toMatchObject({ "ac.power.active": 10 });
  });

  test.each([
    ["integer", { ...inverter, W: 1 }, 10],
    ["float", { ID: 113, W: 1_234.5, WH: 9_876_543, Hz: 50.01 }, 1_234.5],
  ])(
    "a map of the %s model that moves under an open connection gives no wrong value",
    async (_kind, model, power) => {
      const { poll, server } = await sunspecDevice([common, model]);
      await poll();
      const moved = deviceImage([common, { ID: 122 }, model]);
      for (const [address, word] of moved) server.holding.set(address, word);

      const values = valuesOf(await poll({ due: ["fast"] }));
      expect(values).toMatchObject({ "ac.power.active": power, "ac.frequency": 50.01 });
    },
  );

  test("a map that is gone is a fault, and nothing of what stands there is taken", async () => {
    const { poll, server } = await sunspecDevice([common, inverter]);
    await poll();
    for (const [address] of server.holding) server.holding.set(address, 4_711);

    await expect(poll({ due: ["fast"] })).rejects.toThrow("there is no SunSpec map");
  });

  test("the image of a published IEEE 1547 inverter is read by model 701", async () => {
    const text = readFileSync(
      new URL("../sunspec/examples/device_1547.json", import.meta.url),
      "utf8",
    );
    const { poll } = await sunspecDevice(JSON.parse(text).models);

    expect(valuesOf(await poll())).toMatchObject({
      "rating.activePower": 10_000,
      "ac.power.active": 9_800,
      "ac.frequency": 60.01,
      "ac.powerFactor": 0.985,
      "ac.energy.generated.total": 150_000,
      "ac.energy.import.total": 0,
      "temp.ambient": 45,
      "ac.power.active.a": 3_200,
    });
  });
});
