import { expect, test } from "vitest";
import { plantModel } from "../plant/plant-model.ts";
import type { RegisterTable } from "../registers/register.ts";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { testPlant } from "../testing/scenario.ts";
import { batteryValues } from "./battery-values.ts";
import { type Device, devicesOf } from "./device.ts";
import { inverterValues } from "./inverter-values.ts";
import { meterValues } from "./meter-values.ts";
import type { DeviceValues } from "./values.ts";

/** A free day under a clear sky, and its evening. */
const noon = Date.parse("2026-06-07T12:00:00+08:00");
const evening = Date.parse("2026-06-07T21:00:00+08:00");

function plantOf(kilowatts: number, profile: string) {
  return SimulatedPlant.parse({
    ...testPlant,
    weather: { sky: "clear" },
    load: { curve: "residential", baseW: 100 * kilowatts, eveningW: 900 * kilowatts },
    devices: [
      {
        ...{ tag: "INV-01", kind: "inverter", profile },
        ...{ ratedDcW: 1_200 * kilowatts, ratedAcW: 1_000 * kilowatts },
        trackers: [{ dcW: 500 * kilowatts }, {}, {}, {}],
      },
      { tag: "METER-01", kind: "meter", profile: "sunspec", atGrid: true },
      { tag: "CMB-01", kind: "sensor", profile: "sunspec", combines: "INV-01" },
      {
        ...{ tag: "BAT-01", kind: "battery", profile: "sunspec" },
        ...{ capacityWh: 4_000 * kilowatts, ratedW: 700 * kilowatts },
      },
    ],
  });
}

/** The points that a register cannot show as they are: it is off by more than a count, rounding of it apart. */
function lost({ table }: Device, shown: ReturnType<Device["valuesAt"]>, are: DeviceValues) {
  return rowsOf(table).flatMap(({ point, scale, counter }) => {
    const [held, exact] = [shown.get(point), are[point]];
    if (counter || typeof exact !== "number" || held === undefined) return [];
    return Math.abs(Number(held) - exact) <= scale ? [] : [[point, held, exact]];
  });
}

function rowsOf({ rows }: RegisterTable) {
  return rows.flatMap((row) => (row.point === undefined ? [] : [{ ...row, point: row.point }]));
}

test.each(
  ["sunspec", "fronius", "solaredge"].flatMap((profile) =>
    [3, 110, 350, 5_000].map((kilowatts) => [profile, kilowatts] as const),
  ),
)("the short registers of a %s of %d kW, and of its plant, show all there is", (profile, kw) => {
  const model = plantModel("test", plantOf(kw, profile), { origin: noon - 36e5 });
  const [inverter, meter, combiner, battery] = devicesOf(model);
  if (!inverter || !meter || !combiner || !battery) throw new Error("a device is missing");

  for (const at of [noon, evening]) {
    const reading = model.at(at);
    const [output] = reading.moment.inverters;
    const [bank] = reading.moment.batteries;
    if (!output || !bank || inverter.device.kind !== "inverter") throw new Error("no output");
    const measured = inverterValues(reading, output, inverter.device);

    expect(lost(inverter, inverter.valuesAt(reading), measured)).toEqual([]);
    expect(lost(meter, meter.valuesAt(reading), meterValues(reading, "METER-01"))).toEqual([]);
    expect(lost(battery, battery.valuesAt(reading), batteryValues(reading, bank))).toEqual([]);
    expect(combiner.valuesAt(reading).get("dc.power")).toBeCloseTo(output.dcPower, -4);
  }
});

test("the nameplate of the alliance's inverter is that of its rating", () => {
  const words = (kilowatts: number, address: number, count: number) => {
    const model = plantModel("test", plantOf(kilowatts, "sunspec"), { origin: noon - 36e5 });
    const [inverter] = devicesOf(model);
    const answer = inverter?.imageAt(model.at(noon)).read(address, count);
    if (!Buffer.isBuffer(answer)) throw new Error("no answer");
    return Array.from({ length: count }, (_, i) => answer.readInt16BE(2 * i));
  };
  /** Model 120 stands behind models 1 and 103. */
  const [start] = [40_002 + 68 + 52];
  const rated = (kilowatts: number) => {
    const [
      ,
      ,
      ,
      watts = 0,
      wattScale = 0,
      ,
      ,
      vars = 0,
      ,
      ,
      ,
      varScale = 0,
      amperes = 0,
      ampereScale = 0,
    ] = words(kilowatts, start, 16);
    return [watts * 10 ** wattScale, vars * 10 ** varScale, amperes * 10 ** ampereScale];
  };

  expect(rated(110)).toEqual([110_000, 72_600, expect.closeTo(175, 0)]);
  expect(rated(20)).toEqual([20_000, 13_200, expect.closeTo(31.9, 0)]);
});
