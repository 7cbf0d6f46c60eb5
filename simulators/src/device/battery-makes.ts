import type { BatteryOutput } from "../plant/battery.ts";
import type { RegisterTable } from "../registers/register.ts";
import type { SimulatedBattery } from "../scenario/simulated-device.ts";
import { sunspecBattery, sunspecBatteryStates } from "../sunspec/battery.ts";
import { maker } from "../sunspec/common.ts";
import type { DeviceValues } from "./values.ts";

/** A make of battery: its registers, and what it says beside what every battery measures. */
export type BatteryMake = {
  table(rated: SimulatedBattery): RegisterTable;
  says(output: BatteryOutput): DeviceValues;
};

export const batteryMakes: Readonly<Record<SimulatedBattery["profile"], BatteryMake>> = {
  sunspec: {
    table: sunspecBattery,
    says: (output) => ({
      ...maker,
      "id.model": `SL-BAT ${Math.round(output.rated.capacityWh / 1000)}`,
      "id.options": "LFP",
      "id.serial": "SLB-002215",
      "battery.event.1": 0,
      "battery.event.2": 0,
      "battery.event.vendor.1": 0,
      "battery.event.vendor.2": 0,
      ...sunspecBatteryStates(output),
    }),
  },
};
