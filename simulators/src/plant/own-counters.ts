import { deviceOf, effectOf, type FaultName } from "../faults/fault.ts";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import { isReversed } from "./active-faults.ts";
import { counterNames } from "./flows.ts";
import type { Moment } from "./moment.ts";

/** A counter as a device shows it whose faults make it another than the true one. */
export type OwnCounter = {
  readonly name: string;
  readonly tag: string;
  /** The true one. */
  readonly trueName: string;
  /** The places of the true one, and of the one that it counts while the device is turned round. */
  readonly place: number;
  readonly turnedPlace: number;
};

const misleading: ReadonlySet<FaultName> = new Set([
  "meter-reversal",
  "meter-exchange",
  "counter-reset",
]);

/** The name of a counter that a device keeps for itself. */
export function ownName(tag: string, counter: string): string {
  return `shown/${tag}/${counter}`;
}

/** The counters of the devices of a plant that do not show the true ones for ever; most plants have none. */
export function ownCountersOf(plant: SimulatedPlant): readonly OwnCounter[] {
  const struck = new Set(
    plant.faults.filter(({ kind }) => misleading.has(kind)).map((fault) => deviceOf(fault)),
  );
  const names = counterNames(plant);
  const places = new Map(names.map((name, place) => [name, place]));
  return plant.devices
    .filter(({ tag }) => struck.has(tag))
    .flatMap(({ tag, kind }) => {
      const owner = kind === "meter" ? "grid/" : `${tag}/`;
      return names.flatMap((trueName, place): OwnCounter[] => {
        if (!trueName.startsWith(owner)) return [];
        const name = ownName(tag, trueName.slice(owner.length));
        return [{ name, tag, trueName, place, turnedPlace: places.get(turned(trueName)) ?? place }];
      });
    });
}

/** A device whose counters go on from somewhere else. */
export type Restart = {
  /** Unix milliseconds. */
  readonly at: number;
  readonly tag: string | undefined;
  readonly wattHours: number;
};

/** When counters of a plant begin elsewhere, in order: at the start of a fault, however soon that is over. */
export function restartsOf({ faults, timeZone }: SimulatedPlant): readonly Restart[] {
  return faults
    .flatMap((fault): Restart[] => {
      const { countersFrom } = effectOf(fault, { at: fault.start, timeZone });
      if (countersFrom === undefined) return [];
      return [{ at: fault.start, tag: deviceOf(fault), wattHours: countersFrom }];
    })
    .sort((a, b) => a.at - b.at);
}

/** What flows into the counters of `own`; written into `flows` behind those of the true ones. */
export function ownFlowsOf(own: readonly OwnCounter[], moment: Moment, flows: Float64Array): void {
  const first = flows.length - own.length;
  own.forEach(({ tag, place, turnedPlace }, i) => {
    flows[first + i] = flows[isReversed(moment, tag) ? turnedPlace : place] ?? 0;
  });
}

/** All energy at the grid changes its direction with the current, reactive as well as active. */
function turned(name: string): string {
  if (!name.startsWith("grid/")) return name;
  const opposite = { import: "export", export: "import" } as const;
  return name.replace(/import|export/, (way) => opposite[way as keyof typeof opposite]);
}
