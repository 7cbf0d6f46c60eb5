import { liveShares } from "../plant/grid.ts";
import type { InverterOutput } from "../plant/inverter.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import type { RegisterTable } from "../registers/register.ts";
import type { SimulatedInverter } from "../scenario/simulated-device.ts";
import { meterValues } from "./meter-values.ts";
import type { DeviceValues } from "./values.ts";

/** What a meter of its own at the grid connection tells an inverter, and which names it has there. */
const ofTheGrid = [
  ...["power.active", "power.active.a", "power.active.b", "power.active.c"],
  ...["voltage.an", "voltage.bn", "voltage.cn"],
  ...["current.a", "current.b", "current.c"],
  ...["energy.import.total", "energy.export.total"],
];

const surrounding =
  /^(grid\.|load\.|dc\.bus\.|output\.|temp\.(module|boost)$|ac\.power\.\w+\.[abc]$)/;

/** Whether a table has any of `surroundingValues`: they cost too much for nothing. */
export function showsSurroundings({ rows }: RegisterTable): boolean {
  return rows.some(({ point = "" }) => surrounding.test(point));
}

/**
 * What some inverters show beside what each of them measures: their phases one by one, their insides,
 * and what a meter of their own at the grid connection tells them.
 */
export function surroundingValues(
  reading: PlantReading,
  { acPower, trackerVoltages }: InverterOutput,
  { ratedAcW }: SimulatedInverter,
  own: DeviceValues,
): DeviceValues {
  const values: Record<string, number | string> = {};
  const live = liveShares(reading.moment.grid);
  for (const [i, phase] of ["a", "b", "c"].entries()) {
    for (const power of ["active", "reactive", "apparent"]) {
      values[`ac.power.${power}.${phase}`] = Number(own[`ac.power.${power}`]) * (live[i] ?? 0);
    }
  }
  const meter = meterValues(reading);
  for (const name of ofTheGrid) values[`grid.${name}`] = meter[`ac.${name}`] ?? 0;
  return {
    ...values,
    "load.power.active": reading.moment.load.active,
    "grid.energy.import.today": reading.since("day", "grid/import"),
    "grid.energy.export.today": reading.since("day", "grid/export"),
    // The boost stage lifts the highest tracker a little.
    "dc.bus.voltage": 1.04 * Math.max(...trackerVoltages),
    "output.percent": (100 * Math.max(0, acPower)) / ratedAcW,
    "temp.module": Number(own["temp.heatsink"]) + 4,
    "temp.boost": Number(own["temp.heatsink"]) + 2,
  };
}
