import { isCut } from "../plant/condition.ts";
import { liveShares } from "../plant/grid.ts";
import { filterReactive, type InverterOutput, stringCurrents } from "../plant/inverter.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import type { SimulatedInverter } from "../scenario/simulated-device.ts";
import { trackersOf } from "../scenario/trackers.ts";
import type { DeviceValues } from "./values.ts";

/** What an inverter measures, whatever its make. */
export function inverterValues(
  reading: PlantReading,
  output: InverterOutput,
  inverter: SimulatedInverter,
): DeviceValues {
  return {
    ...acValues(reading, output),
    ...dcValues(output),
    ...counterValues(reading, inverter),
    ...temperatures(reading, output, inverter),
    "dc.insulation.resistance": Math.min(
      1_900_000 - 9_000 * reading.moment.air.humidity,
      output.condition.insulation,
    ),
    ...nameplateOf(inverter),
  };
}

/** What stands on an inverter, whatever it does. */
export function nameplateOf(inverter: SimulatedInverter): DeviceValues {
  return {
    "rating.activePower": inverter.ratedAcW,
    "rating.apparentPower": inverter.ratedAcW * 1.1,
    "rating.maxActivePower": inverter.ratedAcW,
    "id.mppts": trackersOf(inverter).length,
    "id.serial": serialOf(inverter),
  };
}

/** A serial number that belongs to the tag and the rating. */
function serialOf({ tag, ratedDcW }: SimulatedInverter): string {
  return `SL${Math.round(ratedDcW / 1000)}-${tag.replaceAll(/\D/g, "").padStart(6, "0")}`;
}

const noGrid = { phase: [0, 0, 0], line: [0, 0, 0], frequency: 0 } as const;

function acValues({ moment }: PlantReading, output: InverterOutput) {
  const active = output.acPower;
  const reactive = filterReactive(output);
  const apparent = Math.hypot(active, reactive);
  const { phase, line, frequency } = isCut(output.condition) ? noGrid : moment.grid;
  const live = liveShares(moment.grid);
  const currents = phase.map((volts, i) => (apparent * (live[i] ?? 0)) / Math.max(volts, 1));
  const [a = 0, b = 0, c = 0] = currents;
  return {
    "ac.power.active": active,
    "ac.power.reactive": reactive,
    "ac.power.apparent": apparent,
    "ac.powerFactor": apparent > 0 ? active / apparent : 0,
    "ac.current.a": a,
    "ac.current.b": b,
    "ac.current.c": c,
    "ac.current.total": a + b + c,
    "ac.voltage.an": phase[0],
    "ac.voltage.bn": phase[1],
    "ac.voltage.cn": phase[2],
    "ac.voltage.ab": line[0],
    "ac.voltage.bc": line[1],
    "ac.voltage.ca": line[2],
    "ac.frequency": frequency,
  };
}

function dcValues(output: InverterOutput) {
  const { trackerPowers, trackerVoltages, dcPower, acPower } = output;
  const values: Record<string, number> = {};
  let current = 0;
  trackerPowers.forEach((power, i) => {
    const volts = trackerVoltages[i] ?? 0;
    const amperes = volts > 0 ? power / volts : 0;
    const channel = `dc.mppt.${i + 1}`;
    current += amperes;
    values[`${channel}.power`] = power;
    values[`${channel}.voltage`] = volts;
    values[`${channel}.current`] = amperes;
  });
  const strings = stringCurrents(output);
  for (const { string, tracker, amperes } of strings) {
    values[`dc.string.${string}.voltage`] = trackerVoltages[tracker] ?? 0;
    values[`dc.string.${string}.current`] = amperes;
  }
  return {
    ...values,
    "dc.power": dcPower,
    "dc.current": current,
    // Without a current that of the open strings.
    "dc.voltage": current > 0 ? dcPower / current : meanOf(trackerVoltages),
    "conversion.efficiency": dcPower > 0 ? (100 * Math.max(0, acPower)) / dcPower : 0,
    "id.strings": strings.length,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function counterValues(reading: PlantReading, inverter: SimulatedInverter) {
  const { tag } = inverter;
  const generated = reading.shownBy(tag, "generated");
  const values: Record<string, number> = {
    "ac.energy.generated.total": reading.counter(generated),
    "ac.energy.generated.today": reading.since("day", generated),
    "ac.energy.generated.month": reading.since("month", generated),
    "ac.energy.generated.year": reading.since("year", generated),
    "dc.energy.total": reading.counter(reading.shownBy(tag, "dc")),
  };
  trackersOf(inverter).forEach((_, i) => {
    const name = `mppt.${i + 1}`;
    values[`dc.${name}.energy.total`] = reading.counter(reading.shownBy(tag, name));
  });
  return values;
}

function temperatures(
  { moment }: PlantReading,
  { acPower, condition }: InverterOutput,
  { ratedAcW }: SimulatedInverter,
) {
  const effort = Math.max(0, acPower) / ratedAcW;
  const around = moment.air.temperature + condition.heat;
  return {
    "temp.cabinet": around + 6 + 21 * effort,
    "temp.heatsink": around + 5 + 34 * effort,
  };
}
