import { expect, test } from "vitest";
import { plantModel } from "../plant/plant-model.ts";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { testPlant } from "../testing/scenario.ts";
import { devicesOf } from "./device.ts";

const origin = Date.parse("2026-06-01T00:00:00Z");
const noon = Date.parse("2026-06-02T04:30:00Z");
const box = { tag: "CMB-01", kind: "sensor", profile: "sunspec", combines: "INV-01" };

const plantWith = (faults: readonly object[], combiner: object = box) =>
  SimulatedPlant.parse({
    ...testPlant,
    weather: { sky: "clear" },
    devices: [...testPlant.devices, combiner],
    faults: faults.map((fault) => ({ start: "2026-06-02T00:00:00Z", device: "INV-01", ...fault })),
  });

/** What the box and its inverter show at noon. */
function shown(faults: readonly object[] = []) {
  const model = plantModel("test", plantWith(faults), { origin });
  const reading = model.at(noon);
  const of = (tag: string) => {
    const device = devicesOf(model).find((one) => one.device.tag === tag);
    const values = device?.valuesAt(reading);
    return (point: string) => Number(values?.get(point));
  };
  return { box: of("CMB-01"), inverter: of("INV-01") };
}

const inputs = [1, 2, 3, 4, 5, 6, 7, 8];

test("a combiner box shows the strings of its inverter, which are together what it takes in", () => {
  const { box, inverter } = shown();
  const currents = inputs.map((n) => box(`dc.string.${n}.current`));

  expect(Math.min(...currents)).toBeGreaterThan(10);
  expect(box("dc.current")).toBeCloseTo(
    currents.reduce((sum, one) => sum + one, 0),
    0,
  );
  expect(box("dc.power") / inverter("dc.power")).toBeCloseTo(1, 2);
  expect(box("combiner.event")).toBe(0);
});

test("an open string has no current, and nobody says so", () => {
  const { box } = shown([{ kind: "string-open", strings: [3] }]);

  expect(inputs.map((n) => box(`dc.string.${n}.current`) > 1)).toEqual(inputs.map((n) => n !== 3));
  expect(box("dc.string.3.event")).toBe(0);
});

test("a blown fuse is told for its input and for the box: bit 8", () => {
  const { box } = shown([{ kind: "blown-fuse", strings: [2] }]);

  expect(box("dc.string.2.current")).toBe(0);
  expect([1, 2, 3].map((n) => box(`dc.string.${n}.event`))).toEqual([0, 256, 0]);
  expect(box("combiner.event")).toBe(256);
});

test("it stands in front of an inverter of its plant", () => {
  expect(() => plantWith([], { ...box, combines: "INV-09" })).toThrow(/combiner box/);
  expect(() => plantWith([], { ...box, profile: "lufft-ws" })).toThrow(/combiner box/);
});
