import { readFileSync } from "node:fs";
import { setBits } from "@sunledger/model";
import { afterEach, describe, expect, test } from "vitest";
import { closeAll, common, inverter, sunspecDevice, valuesOf } from "./testing/opened-device.ts";

afterEach(closeAll);

const extended = {
  ID: 122,
  ...{ PVConn: 0b0111, StorConn: 0, ECPConn: 1, ActWh: 123_456_789, ActVArhQ1: 5, ActVArhQ4: 7 },
  ...{ WAval: 500, WAval_SF: 1, VArAval: -30, VArAval_SF: 0, StSetLimMsk: 1, StActCtl: 0b1_0000 },
  ...{ TmSrc: "RTC", Tms: 845_000_000, RtSt: 0, Ris: 45, Ris_SF: 4 },
};

describe("what a SunSpec device says of the grid", () => {
  test("extended measurements and status of model 122", async () => {
    const { poll, device } = await sunspecDevice([common, extended]);
    const values = valuesOf(await poll());

    expect(values).toMatchObject({
      ...{ "ac.energy.generated.total": 123_456_789, "ac.energy.reactive.q1.total": 5 },
      ...{ "ac.energy.reactive.q2.total": "notImplemented", "ac.energy.reactive.q4.total": 7 },
      ...{ "ac.power.active.available": 5_000, "ac.power.reactive.available": -30 },
      ...{ "state.connection.pv": 7, "state.connection.storage": 0, "state.connection.grid": 1 },
      ...{ "state.limits": 1, "state.controls": 16, "state.rideThrough": 0 },
      ...{ "state.clock": 845_000_000, "dc.insulation.resistance": 450_000 },
    });
    const { points = [], texts } = device.announcement() ?? {};
    expect(texts?.["state.clock.source"]).toBe("RTC");
    const said = (name: string) => points.find((point) => point.name === name);
    const { bits = {} } = said("state.connection.pv") ?? {};
    expect(setBits(7, bits).map(({ label }) => label)).toEqual([
      ...["connected", "available", "operating"],
    ]);
    expect(said("state.connection.grid")?.states).toEqual({
      ...{ 0: "disconnected", 1: "connected", 2: "connected" },
    });
  });

  test("an inverter's own counter goes before that of its extended status", async () => {
    const { poll } = await sunspecDevice([common, inverter, extended]);

    expect(valuesOf(await poll())).toMatchObject({ "ac.energy.generated.total": 12_345_600 });
  });

  test("how it may enter service and answers voltage and frequency: models 703 and 705 to 712", async () => {
    const file = new URL("../sunspec/examples/device_1547.json", import.meta.url);
    const { poll, device } = await sunspecDevice(JSON.parse(readFileSync(file, "utf8")).models);

    expect(valuesOf(await poll())).toMatchObject({
      ...{ "gridCode.enterService.permitted": 1, "gridCode.enterService.voltage.max": 1.05 },
      ...{ "gridCode.enterService.voltage.min": 0.917, "gridCode.enterService.delay": 300 },
      ...{ "gridCode.enterService.frequency.max": 60.1, "gridCode.enterService.ramp": 60 },
      ...{ "gridCode.enterService.frequency.min": 59.5, "gridCode.enterService.delay.random": 100 },
      "gridCode.enterService.delay.remaining": "notImplemented",
      ...{ "gridCode.voltVar.enabled": 1, "gridCode.voltVar.adoption": 0 },
      ...{ "gridCode.voltVar.points": 4, "gridCode.voltVar.priority": 1 },
      "gridCode.voltVar.reference": 0.01,
      ...{ "gridCode.voltWatt.enabled": 0, "gridCode.voltWatt.points": 2 },
      ...{ "gridCode.trip.lowVoltage.enabled": 1, "gridCode.trip.highVoltage.enabled": 1 },
      ...{ "gridCode.trip.lowFrequency.enabled": 1 },
      "gridCode.trip.highFrequency.enabled": "notImplemented",
      "gridCode.frequencyDroop.enabled": "notImplemented",
      ...{ "gridCode.frequencyDroop.deadband.over": 600.3 },
      ...{ "gridCode.frequencyDroop.deadband.under": 599.7 },
      ...{ "gridCode.frequencyDroop.ratio.over": 0.4, "gridCode.frequencyDroop.ratio.under": 0.4 },
      "gridCode.frequencyDroop.responseTime": 600,
      "gridCode.wattVar.points": 1,
    });
    const enabled = device
      .announcement()
      ?.points.find(({ name }) => name === "gridCode.voltVar.enabled");
    expect(enabled?.states).toEqual({ 0: "disabled", 1: "enabled" });
  });

  test("the points of the curves in force, as many as the device has", async () => {
    const file = new URL("../sunspec/examples/device_1547.json", import.meta.url);
    const { poll, device } = await sunspecDevice(JSON.parse(readFileSync(file, "utf8")).models);
    const values = valuesOf(await poll());

    const curve = (name: string, ...quantities: string[]) =>
      [1, 2, 3, 4, 5].map((n) => quantities.map((one) => values[`${name}.${n}.${one}`]));
    const none = [undefined, undefined];
    expect(curve("gridCode.voltVar.curve", "voltage", "reactivePower")).toEqual([
      ...[
        [92, 30],
        [96.7, 0],
        [103, 0],
        [107, -30],
      ],
      none,
    ]);
    expect(curve("gridCode.trip.lowVoltage.mustTrip", "voltage", "time")).toEqual([
      [50, 5],
      ...[none, none, none, none],
    ]);
    expect(values).toMatchObject({
      ...{
        "gridCode.trip.lowVoltage.mustTrip.points": 1,
        "gridCode.trip.lowVoltage.mayTrip.points": 1,
      },
      ...{ "gridCode.trip.lowVoltage.mayTrip.1.voltage": 70 },
      ...{ "gridCode.trip.lowVoltage.cessation.1.voltage": 60 },
      ...{ "gridCode.trip.lowFrequency.cessation.1.time": 0.05 },
    });
    const said = device
      .announcement()
      ?.points.find(({ name }) => name === "gridCode.voltVar.curve.4.voltage");
    expect(said).toMatchObject({ unit: "percent", kind: "gauge" });
  });

  test("the points of curves too long for one request with their scale factors", async () => {
    const points = Array.from({ length: 40 }, (_, n) => ({ Hz: 5_000 + n, Tms: 100 + n }));
    const curve = { ActPt: 40, Pt: points };
    const { poll } = await sunspecDevice([
      common,
      {
        ...{ ID: 710, Ena: 1, NPt: 40, NCrvSet: 1, Hz_SF: -2, Tms_SF: -1 },
        Crv: [{ ReadOnly: 1, MustTrip: curve, MayTrip: curve, MomCess: curve }],
      },
    ]);

    const values = valuesOf(await poll());
    const name = "gridCode.trip.highFrequency.cessation";
    expect([1, 40, 41].map((n) => values[`${name}.${n}.frequency`])).toEqual([
      50,
      50.39,
      undefined,
    ]);
    expect(values[`${name}.40.time`]).toBe(13.9);
  });

  test("a device that does not say how many points its curves have is read as far as it can be", async () => {
    const curve = { ...{ ActPt: 2, DeptRef: 0, RspTms: 50, ReadOnly: 1 }, Pt: [{ V: 100, W: 50 }] };
    const { poll } = await sunspecDevice([
      common,
      { ...{ ID: 706, Ena: 1, NCrv: 1, V_SF: 0, DeptRef_SF: 0, RspTms_SF: -1 }, Crv: [curve] },
    ]);

    const values = valuesOf(await poll());
    expect(values).toMatchObject({ "gridCode.voltWatt.points": 2 });
    expect(Object.keys(values)).not.toContain("gridCode.voltWatt.curve.1.voltage");
  });

  test("of several curves the one in force is read, the first of them", async () => {
    const curve = (points: number, RspTms: number) => ({
      ...{ ActPt: points, DeptRef: 0, RspTms, ReadOnly: 1 },
      Pt: [1, 2].map((n) => ({ V: 100 + n, W: 50 })),
    });
    const { poll } = await sunspecDevice([
      common,
      {
        ...{ ID: 706, Ena: 1, NPt: 2, NCrv: 2, V_SF: 0, DeptRef_SF: 0, RspTms_SF: -1 },
        Crv: [curve(2, 50), curve(1, 70)],
      },
    ]);

    expect(valuesOf(await poll())).toMatchObject({
      ...{ "gridCode.voltWatt.points": 2, "gridCode.voltWatt.responseTime": 5 },
    });
  });
});
