import { expect, test } from "vitest";
import { devicesOf } from "../device/device.ts";
import { plantModel } from "../plant/plant-model.ts";
import { pointRows } from "../registers/register.ts";
import { testPlant } from "../testing/scenario.ts";
import { SimulatedPlant } from "./scenario.ts";

const noon = Date.parse("2026-06-03T12:00:00+08:00");

const parse = (profile: string, trackers?: readonly object[]) =>
  SimulatedPlant.safeParse({
    ...testPlant,
    weather: { sky: "clear" },
    devices: [
      {
        ...{ tag: "INV-01", kind: "inverter", profile, ratedDcW: 60_000, ratedAcW: 60_000 },
        ...(trackers && { trackers }),
      },
    ],
  });

function shownBy(profile: string, trackers?: readonly object[]) {
  const { data } = parse(profile, trackers);
  if (!data) throw new Error("the plant is refused");
  const model = plantModel("trackers", data, { origin: noon - 3_600_000 });
  const [device] = devicesOf(model);
  if (!device) throw new Error("it has no device");
  const values = device.valuesAt(model.at(noon));
  const of = (name: RegExp) =>
    pointRows(device.table)
      .filter(({ point }) => name.test(point))
      .map(({ point }) => Number(values.get(point)));
  return { of, value: (point: string) => Number(values.get(point)) };
}

test.each([
  ["one", [{ strings: 9 }]],
  ["twelve", Array.from({ length: 12 }, (_, i) => ({ strings: 1 + (i % 3) }))],
])("an inverter has as many trackers as its scenario says: %s", (_, trackers) => {
  const { of, value } = shownBy("sunspec", trackers);
  const powers = of(/^dc\.mppt\.\d+\.power$/);

  expect(value("id.mppts")).toBe(trackers.length);
  expect(powers).toHaveLength(trackers.length);
  for (const watts of powers) expect(watts).toBeGreaterThan(0);
  const sum = powers.reduce((all, watts) => all + watts, 0);
  expect(Math.abs(sum / value("dc.power") - 1)).toBeLessThan(0.01);
  for (const wattHours of of(/^dc\.mppt\.\d+\.energy\.total$/))
    expect(wattHours).toBeGreaterThan(0);
});

test("its strings are counted through all trackers", () => {
  const { of, value } = shownBy("huawei-sun2000", [{ strings: 1 }, { strings: 4 }, { strings: 2 }]);

  expect(value("id.mppts")).toBe(3);
  expect(value("id.strings")).toBe(7);
  expect(of(/^dc\.string\.\d+\.current$/).filter((amperes) => amperes > 0)).toHaveLength(7);
});

test("without a word it has four, or the two of its make", () => {
  expect(shownBy("sunspec").value("id.mppts")).toBe(4);
  const { of, value } = shownBy("sma-inverter");
  const sum = of(/^dc\.mppt\.\d\.power$/).reduce((all, watts) => all + watts, 0);

  expect(Math.abs(sum / value("ac.power.active") - 1)).toBeLessThan(0.05);
});

test.each([
  ["sma-inverter", 3, 2, "INV-01: sma-inverter has 2 trackers at most"],
  ["huawei-sun2000", 10, 3, "INV-01: huawei-sun2000 has 24 strings at most"],
])("more than a %s can show are refused", (profile, count, strings, message) => {
  const { error } = parse(
    profile,
    Array.from({ length: count }, () => ({ strings })),
  );

  expect(error?.issues).toMatchObject([{ message, path: ["devices", 0, "trackers"] }]);
});
