import { expect, test } from "vitest";
import { devicesOf } from "../device/device.ts";
import { plantModel } from "../plant/plant-model.ts";
import { testPlant } from "../testing/scenario.ts";
import { SimulatedPlant } from "./scenario.ts";

/** A free day under a clear sky. */
const noon = Date.parse("2026-06-07T12:00:00+08:00");
const meter = { tag: "METER-01", kind: "meter", profile: "sunspec", atGrid: true };
const inverters = (count: number, profile: string, kilowatts: number, own: object = {}) =>
  Array.from({ length: count }, (_, i) => ({
    ...{ tag: `INV-${i + 1}`, kind: "inverter", profile },
    ...{ ratedDcW: kilowatts * 1_200, ratedAcW: kilowatts * 1_000, ...own },
  }));
const planted = (devices: readonly object[], own: object = {}) =>
  SimulatedPlant.safeParse({ ...testPlant, weather: { sky: "clear" }, devices, ...own });

test.each([
  ["the power of an inverter", inverters(1, "sunspec", 350), {}],
  ["the power of a Fronius", inverters(1, "fronius", 350), {}],
  ["the power of a SolarEdge", inverters(1, "solaredge", 350), {}],
  ["the power of one tracker", inverters(1, "sunspec", 300), {}],
  [
    "the power of one tracker among smaller ones",
    inverters(1, "fronius", 110, { trackers: [{ dcW: 9_000 }, { dcW: 1_000 }, {}, { dcW: 1 }] }),
    {},
  ],
  ["what is fed in, at the meter", [...inverters(12, "huawei-sun2000", 300), meter], {}],
  ["what is drawn, at the meter", [meter], { load: { baseW: 2e6, shiftW: 2e6 } }],
])("%s is refused where its registers cannot hold it", (_name, devices, own) => {
  expect(planted(devices, own).error?.message).toMatch(/cannot show/);
});

test("what is not refused is shown as it is", () => {
  const { data } = planted([
    ...inverters(9, "sunspec", 230),
    { ...inverters(1, "solaredge", 300)[0], tag: "INV-10" },
    meter,
  ]);
  const plant = data ?? testPlant;
  const model = plantModel("test", plant, { origin: noon - 3_600_000 });
  const reading = model.at(noon);
  const shown = devicesOf(model).map((device) => device.valuesAt(reading));
  const { inverters: outputs, gridPower } = reading.moment;
  const near = (value: unknown, true_: number, step: number) =>
    Math.abs(Number(value) - true_) <= step ? [] : [[value, true_]];

  expect(data).toBeDefined();
  expect(Math.abs(gridPower)).toBeGreaterThan(1_500_000);
  outputs.forEach((output, i) => {
    expect(near(shown[i]?.get("ac.power.active"), output.acPower, 5)).toEqual([]);
    expect(near(shown[i]?.get("dc.power"), output.dcPower, 5)).toEqual([]);
  });
  expect(near(shown[0]?.get("dc.mppt.1.power"), outputs[0]?.trackerPowers[0] ?? 0, 1)).toEqual([]);
  expect(near(shown.at(-1)?.get("ac.power.active"), gridPower, 50)).toEqual([]);
});
