import { deviceOf, type FaultName, idOf } from "../faults/fault.ts";
import { settledAt } from "./active-faults.ts";
import { lossCounter } from "./flows.ts";
import type { PlantModel } from "./plant-model.ts";

/** What was really the matter: the answer that a detector is measured by. */
export type FaultLabel = {
  readonly id: string;
  readonly kind: FaultName;
  /** Absent where all of the plant is concerned. */
  readonly device?: string;
  /** Unix milliseconds. */
  readonly start: number;
  /** Exclusive; absent while nobody knows one. */
  readonly end?: number;
  /** How far the energy is counted: behind the end of what stops inverters until all have started again. */
  readonly until: number;
  /** What it took of what those that began before it had left, watt-hours: together they are all that was lost. */
  readonly lostWh: number;
};

/**
 * The labels of all faults that have begun by an instant, and of the limits that were written to inverters, as
 * the plant's counters stand then.
 */
export function labelsAt(model: PlantModel, at: number): FaultLabel[] {
  return [...faultLabels(model, at), ...limitLabels(model, at)];
}

/** Whether a label is of a limit that was written to an inverter: it is over with the program at the latest. */
export function isOfWrittenLimit({ id }: { readonly id: string }): boolean {
  return id.startsWith("curtailment.") && id.includes(".written.");
}

/** Whoever writes a limit to an inverter curtails it. */
function limitLabels(model: PlantModel, at: number): FaultLabel[] {
  return model.limitsAt(at).map(({ device, start, end, lostWh }) => ({
    id: `curtailment.${device}.written.${new Date(start).toISOString()}`,
    kind: "curtailment",
    device,
    start,
    ...(end !== undefined && { end }),
    until: end ?? at,
    lostWh,
  }));
}

function faultLabels(model: PlantModel, at: number): FaultLabel[] {
  const reading = model.at(at);
  return model.plant.faults
    .filter(({ start }) => start <= at)
    .map((fault) => {
      const device = deviceOf(fault);
      return {
        id: idOf(fault),
        kind: fault.kind,
        ...(device !== undefined && { device }),
        start: fault.start,
        ...(fault.end !== undefined && { end: fault.end }),
        until: Math.min(at, settledAt(fault)),
        lostWh: reading.counter(lossCounter(fault)),
      };
    });
}
