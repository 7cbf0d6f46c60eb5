import { type BatteryOutput, highest, lowest } from "../plant/battery.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import type { DeviceValues } from "./values.ts";

/** Cells of lithium iron phosphate in a row. */
const cells = 216;

/** What a battery measures: power and current are positive while it gives. */
export function batteryValues(reading: PlantReading, output: BatteryOutput): DeviceValues {
  const { rated, power, stored } = output;
  const share = stored / rated.capacityWh;
  // The cells' voltage hardly moves between a tenth and nine tenths, and the current bends it.
  const cell = 3.22 + 0.1 * share - (0.06 * power) / rated.ratedW;
  const volts = cells * cell;
  const nominal = 3.2 * cells;
  const charged = reading.counter(`${rated.tag}/charged`);
  const warm = 24 + 9 * (Math.abs(power) / rated.ratedW);
  return {
    "battery.soc": 100 * share,
    "battery.soh": 98,
    "battery.dod": 100 * (1 - share),
    "battery.power": power,
    "battery.voltage": volts,
    "battery.current": power / volts,
    "battery.cell.voltage.avg": cell,
    "battery.cell.voltage.max": cell + 0.006,
    "battery.cell.voltage.min": cell - 0.007,
    "battery.capacity.energy": rated.capacityWh,
    "battery.capacity.charge": rated.capacityWh / nominal,
    "battery.rating.charge.power": rated.ratedW,
    "battery.rating.discharge.power": rated.ratedW,
    "battery.limit.charge.current": share >= highest ? 0 : rated.ratedW / nominal,
    "battery.limit.discharge.current": share <= lowest ? 0 : rated.ratedW / nominal,
    "battery.limit.voltage.max": 3.6 * cells,
    "battery.limit.voltage.min": 2.8 * cells,
    "battery.soc.max": 100 * highest,
    "battery.soc.min": 100 * lowest,
    "battery.cycles": charged / rated.capacityWh,
    "battery.energy.charged.total": charged,
    "battery.energy.discharged.total": reading.counter(`${rated.tag}/discharged`),
    "battery.temp": warm,
  };
}
