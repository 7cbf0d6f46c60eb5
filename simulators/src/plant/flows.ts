import { type Fault, idOf } from "../faults/fault.ts";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import type { SimulatedInverter } from "../scenario/simulated-device.ts";
import { trackersOf } from "../scenario/trackers.ts";
import { chance, seedOf } from "../weather/noise.ts";
import { batteriesOf } from "./battery.ts";
import { invertersOf } from "./inverters-of.ts";
import { yearlyUse } from "./load.ts";
import type { Moment } from "./moment.ts";
import { activePhases, reactivePhases } from "./phases.ts";

/** Counters of an inverter: what it gave, what its array gave, and each tracker. */
function inverterCounters(inverter: SimulatedInverter): string[] {
  return ["generated", "dc", ...trackersOf(inverter).map((_, i) => `mppt.${i + 1}`)];
}

/** Counters at the grid connection; the phases count for themselves. */
export const meterCounters = [
  "import",
  "export",
  ...["a", "b", "c"].flatMap((phase) => [`import.${phase}`, `export.${phase}`]),
  "reactive.import",
  "reactive.export",
];

/** The counter of what a fault has cost. */
export function lossCounter(fault: Fault): string {
  return `lost/${idOf(fault)}`;
}

/** The counter of what the limits have cost that were written to an inverter. */
export function limitCounter(tag: string): string {
  return `lost/limit.${tag}`;
}

/** The names of the true counters of a plant, in the order of its flows: `INV-01/generated`. */
export function counterNames({ devices, faults }: SimulatedPlant): string[] {
  const inverters = invertersOf({ devices });
  return [
    ...inverters.flatMap((one) => inverterCounters(one).map((name) => `${one.tag}/${name}`)),
    ...meterCounters.map((name) => `grid/${name}`),
    ...faults.map(lossCounter),
    ...inverters.map(({ tag }) => limitCounter(tag)),
    ...devices
      .filter(({ kind }) => kind === "battery")
      .flatMap(({ tag }) => [`${tag}/charged`, `${tag}/discharged`]),
  ];
}

/** What flows into each of `counterNames` at a moment, watts and var; written into `flows` from its start on. */
export function flowsOf(moment: Moment, flows: Float64Array): void {
  let place = 0;
  for (const { acPower, dcPower, trackerPowers } of moment.inverters) {
    flows[place] = Math.max(0, acPower);
    flows[place + 1] = dcPower;
    flows.set(trackerPowers, place + 2);
    place += 2 + trackerPowers.length;
  }
  flows[place] = Math.max(0, moment.gridPower);
  flows[place + 1] = Math.max(0, -moment.gridPower);
  for (const power of activePhases(moment)) {
    flows[place + 2] = Math.max(0, power);
    flows[place + 3] = Math.max(0, -power);
    place += 2;
  }
  const [a, b, c] = reactivePhases(moment);
  flows[place + 2] = Math.max(0, a + b + c);
  flows[place + 3] = Math.max(0, -(a + b + c));
  place += 4;
  for (const watts of [...moment.lost, ...moment.limited]) {
    flows[place] = watts;
    place += 1;
  }
  for (const { power } of moment.batteries) {
    flows[place] = Math.max(0, -power);
    flows[place + 1] = Math.max(0, power);
    place += 2;
  }
}

/** What each of `counterNames` shows at the origin: a share of the years since the plant was commissioned. */
export function firstCounters(seed: string, plant: SimulatedPlant, origin: number): number[] {
  const commissioned = plant.commissioned
    ? Date.parse(plant.commissioned)
    : origin - 500 * 86_400_000;
  const years = Math.max(0, origin - commissioned) / (365.25 * 86_400_000);
  const inverters = invertersOf(plant);
  const ratedDc = inverters.reduce((sum, { ratedDcW }) => sum + ratedDcW, 0);
  const counters: number[] = [];
  for (const device of inverters) {
    const own = seedOf(seed, plant.code, device.tag, "counters");
    const generated = device.ratedDcW * years * (1_120 + 60 * chance(own, 0));
    counters.push(generated, generated / 0.981);
    const trackers = trackersOf(device).length;
    for (let i = 0; i < trackers; i += 1) {
      counters.push((generated / 0.981 / trackers) * (1 + 0.01 * (chance(own, 1 + i) - 0.5)));
    }
  }
  const imported = 0.58 * yearlyUse(plant.load) * years;
  const exported = ratedDc * 640 * years;
  counters.push(imported, exported);
  for (const share of [0.36, 0.335, 0.305]) counters.push(imported * share, exported * share);
  counters.push(imported * 0.42, 0);
  for (const _ of plant.faults) counters.push(0);
  for (const _ of inverters) counters.push(0);
  for (const { capacityWh } of batteriesOf(plant)) {
    const charged = capacityWh * 240 * years;
    counters.push(charged, 0.92 * charged);
  }
  return counters;
}
