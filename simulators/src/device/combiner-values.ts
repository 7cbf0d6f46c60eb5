import { type InverterOutput, stringCurrents } from "../plant/inverter.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import { combinerFuseFault, combinerInputs } from "../sunspec/combiner.ts";
import { maker } from "../sunspec/common.ts";
import type { DeviceValues } from "./values.ts";

/** What a box in front of an inverter measures of its strings; an input without one measures nothing. */
export function combinerValues({ moment }: PlantReading, output: InverterOutput): DeviceValues {
  const { trackerVoltages, condition } = output;
  const isBlown = condition.troubles.includes("blown-string-fuse");
  const strings = stringCurrents(output).slice(0, combinerInputs);
  const values: Record<string, number> = {};
  const sums = { current: 0, power: 0, event: 0 };
  for (let input = 1; input <= combinerInputs; input += 1) {
    const { tracker, amperes = 0 } = strings[input - 1] ?? {};
    const volts = tracker === undefined ? 0 : (trackerVoltages[tracker] ?? 0);
    const event = isBlown && condition.strings.get(input) === 0 ? combinerFuseFault : 0;
    values[`dc.string.${input}.current`] = amperes;
    values[`dc.string.${input}.voltage`] = volts;
    values[`dc.string.${input}.power`] = volts * amperes;
    values[`dc.string.${input}.event`] = event;
    sums.current += amperes;
    sums.power += volts * amperes;
    sums.event = Math.max(sums.event, event);
  }
  return {
    ...maker,
    "id.model": "SL-CMB 8",
    "id.serial": "SLC-000204",
    "id.strings": combinerInputs,
    "rating.dcCurrent": combinerInputs * 20,
    ...values,
    "combiner.event": sums.event,
    "dc.current": sums.current,
    "dc.power": sums.power,
    "dc.voltage": sums.current > 0 ? sums.power / sums.current : Math.max(...trackerVoltages),
    "temp.cabinet": moment.air.temperature + 4 + 0.012 * moment.poa,
  };
}
