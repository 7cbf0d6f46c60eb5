import * as z from "zod";
import { BlownFuse, blownFuse } from "./blown-fuse.ts";
import { CommsLoss, commsLoss } from "./comms-loss.ts";
import { CounterReset, counterReset } from "./counter-reset.ts";
import { Curtailment, curtailment } from "./curtailment.ts";
import { Degradation, degradation } from "./degradation.ts";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { FrequencyExcursion, frequencyExcursion } from "./frequency-excursion.ts";
import { InsulationFault, insulationFault } from "./insulation-fault.ts";
import { InverterTrip, inverterTrip } from "./inverter-trip.ts";
import { MeterExchange, meterExchange } from "./meter-exchange.ts";
import { MeterReversal, meterReversal } from "./meter-reversal.ts";
import { Noise, noise } from "./noise.ts";
import { Overtemperature, overtemperature } from "./overtemperature.ts";
import { PhaseLoss, phaseLoss } from "./phase-loss.ts";
import { PlantTrip, plantTrip } from "./plant-trip.ts";
import { ScaleChange, scaleChange } from "./scale-change.ts";
import { SensorDrift, sensorDrift } from "./sensor-drift.ts";
import { Sentinel, sentinel } from "./sentinel.ts";
import { Shading, shading } from "./shading.ts";
import { SignFlip, signFlip } from "./sign-flip.ts";
import { Soiling, soiling } from "./soiling.ts";
import { Spike, spike } from "./spike.ts";
import { StringLoss, stringLoss } from "./string-loss.ts";
import { StringOpen, stringOpen } from "./string-open.ts";
import { Stuck, stuck } from "./stuck.ts";
import { VoltageExcursion, voltageExcursion } from "./voltage-excursion.ts";
import { VoltageUnbalance, voltageUnbalance } from "./voltage-unbalance.ts";

/** What goes wrong at a plant, when and how much. */
export const Fault = z.discriminatedUnion("kind", [
  InverterTrip,
  PlantTrip,
  InsulationFault,
  Overtemperature,
  StringOpen,
  BlownFuse,
  StringLoss,
  Shading,
  Soiling,
  Degradation,
  Curtailment,
  PhaseLoss,
  VoltageExcursion,
  VoltageUnbalance,
  FrequencyExcursion,
  SensorDrift,
  CommsLoss,
  MeterReversal,
  MeterExchange,
  CounterReset,
  Noise,
  ScaleChange,
  Sentinel,
  SignFlip,
  Spike,
  Stuck,
]);
export type Fault = z.infer<typeof Fault>;
export type FaultName = Fault["kind"];

type ByKind = { readonly [F in Fault as F["kind"]]: F };
type Effects = {
  readonly [K in FaultName]: (fault: ByKind[K], moment: FaultMoment) => FaultEffect;
};

const effects: Effects = {
  "inverter-trip": inverterTrip,
  "plant-trip": plantTrip,
  "insulation-fault": insulationFault,
  overtemperature,
  "string-open": stringOpen,
  "blown-fuse": blownFuse,
  "string-loss": stringLoss,
  shading,
  soiling,
  degradation,
  curtailment,
  "phase-loss": phaseLoss,
  "voltage-excursion": voltageExcursion,
  "voltage-unbalance": voltageUnbalance,
  "frequency-excursion": frequencyExcursion,
  "sensor-drift": sensorDrift,
  "comms-loss": commsLoss,
  "meter-reversal": meterReversal,
  "meter-exchange": meterExchange,
  "counter-reset": counterReset,
  spike,
  "sign-flip": signFlip,
  sentinel,
  "scale-change": scaleChange,
  noise,
  stuck,
};

/** What a fault does at a moment inside of its span. */
export function effectOf(fault: Fault, moment: FaultMoment): FaultEffect {
  // A kind and its function belong together by the table; the compiler loses that in the union.
  const effect = effects[fault.kind] as (fault: Fault, moment: FaultMoment) => FaultEffect;
  return effect(fault, moment);
}

/** The device that a fault is of; `undefined` where it is the plant's. */
export function deviceOf(fault: Fault): string | undefined {
  return "device" in fault ? fault.device : undefined;
}

/** What tells a fault from the others of its plant. */
export function idOf(fault: Fault): string {
  const start = new Date(fault.start).toISOString();
  return `${fault.kind}.${deviceOf(fault) ?? "plant"}.${start}`;
}
