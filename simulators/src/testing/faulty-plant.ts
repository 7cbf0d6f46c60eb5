import { devicesOf } from "../device/device.ts";
import type { FaultName } from "../faults/fault.ts";
import { type PlantReading, plantModel } from "../plant/plant-model.ts";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { testPlant } from "./scenario.ts";

export const hour = 3_600_000;
export const day = 24 * hour;
export const origin = Date.parse("2026-06-01T00:00:00Z");
export const start = "2026-06-02T00:00:00Z";
export const end = "2026-06-03T00:00:00Z";
/** Shortly after noon at the plant, inside of the fault and a day behind it. */
export const during = Date.parse("2026-06-02T04:30:00Z");
export const after = during + day;

export type Told = { readonly kind: FaultName; readonly device?: string };

/** The plant of the tests under a clear sky, with faults in their written form. */
export function plantWith(faults: readonly (Told & object)[], plant = testPlant) {
  const { faults: _, ...rest } = plant;
  return SimulatedPlant.parse({
    ...rest,
    weather: { sky: "clear" },
    faults: faults.map((fault) => ({ start, end, ...fault })),
  });
}

export const model = (...faults: (Told & object)[]) =>
  plantModel("test", plantWith(faults), { origin });
export const well = model();
export const noon = well.at(during);

export function shown(reading: PlantReading, tag: string, plant = testPlant) {
  const own = plantModel("test", plantWith([], plant), { origin });
  const device = devicesOf(own).find((one) => one.device.tag === tag);
  const values = device?.valuesAt(reading);
  return (point: string) => Number(values?.get(point));
}

export const output = ({ moment }: PlantReading) => {
  const [inverter] = moment.inverters;
  if (!inverter) throw new Error("the plant has no inverter");
  return inverter;
};

export const inverter = { device: "INV-01" } as const;
