import { isReversed } from "../plant/active-faults.ts";
import { activePhases, reactivePhases } from "../plant/phases.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import type { DeviceValues } from "./values.ts";

/** What a meter at the grid connection measures, import positive: the one of a tag, else one that is sound. */
export function meterValues(reading: PlantReading, tag?: string): DeviceValues {
  const { moment } = reading;
  const { phase: volts, line, frequency } = moment.grid;
  const names = ["a", "b", "c"] as const;
  // A current transformer that is turned round turns the current, and with it all power.
  const sign = tag !== undefined && isReversed(moment, tag) ? -1 : 1;
  const reactives = reactivePhases(moment).map((power) => sign * power);
  const reactive = reactives.reduce((sum, power) => sum + power, 0);
  const demand = reading.demandAt(tag);
  const counter = (name: string) => reading.counter(reading.shownBy(tag, name));
  const phases = activePhases(moment).map((power, i) => {
    const own = reactives[i] ?? 0;
    const active = sign * power;
    const apparent = Math.hypot(active, own);
    return { active, reactive: own, apparent, current: apparent / Math.max(volts[i] ?? 0, 1) };
  });
  const active = sign * moment.gridPower;
  const total = Math.hypot(active, reactive);
  const sum = (value: (phase: (typeof phases)[number]) => number) =>
    phases.reduce((all, phase) => all + value(phase), 0);

  const values: Record<string, number> = {
    "ac.power.active": active,
    "ac.power.reactive": reactive,
    "ac.power.apparent": total,
    "ac.powerFactor": total > 0 ? active / total : 0,
    "ac.current.total": sum(({ current }) => current),
    "ac.current.n": neutral(phases.map(({ current }) => current)),
    "ac.voltage.ln": (volts[0] + volts[1] + volts[2]) / 3,
    "ac.voltage.ll": (line[0] + line[1] + line[2]) / 3,
    "ac.voltage.ab": line[0],
    "ac.voltage.bc": line[1],
    "ac.voltage.ca": line[2],
    "ac.frequency": frequency,
    ...counters(counter),
    "ac.power.demand.import": demand.import.latest,
    "ac.power.demand.import.max": demand.import.highest,
    "ac.power.demand.export": demand.export.latest,
    "ac.power.demand.export.max": demand.export.highest,
  };
  phases.forEach(({ active, reactive, apparent, current }, i) => {
    const name = names[i] ?? "a";
    values[`ac.power.active.${name}`] = active;
    values[`ac.power.reactive.${name}`] = reactive;
    values[`ac.power.apparent.${name}`] = apparent;
    values[`ac.powerFactor.${name}`] = apparent > 0 ? active / apparent : 0;
    values[`ac.current.${name}`] = current;
    values[`ac.voltage.${name}n`] = volts[i] ?? 230;
    values[`ac.energy.import.total.${name}`] = counter(`import.${name}`);
    values[`ac.energy.export.total.${name}`] = counter(`export.${name}`);
  });
  return values;
}

function counters(counter: (name: string) => number) {
  return {
    "ac.energy.import.total": counter("import"),
    "ac.energy.export.total": counter("export"),
    "ac.energy.sum.total": counter("import") + counter("export"),
    "ac.energy.reactive.import.total": counter("reactive.import"),
    "ac.energy.reactive.export.total": counter("reactive.export"),
    "ac.energy.reactive.total": counter("reactive.import") + counter("reactive.export"),
  };
}

/** What three currents 120° apart leave for the neutral conductor. */
function neutral(currents: readonly number[]): number {
  const [a = 0, b = 0, c = 0] = currents;
  return Math.sqrt(Math.max(0, a * a + b * b + c * c - a * b - b * c - c * a));
}
