import * as z from "zod";
import { BlownFuse, blownFuse } from "./blown-fuse.ts";
import { ByteSwap, byteSwap } from "./byte-swap.ts";
import { ClockDrift, clockDrift } from "./clock-drift.ts";
import { ClockDstError, clockDstError } from "./clock-dst-error.ts";
import { ClockJump, clockJump } from "./clock-jump.ts";
import { CommsLoss, commsLoss } from "./comms-loss.ts";
import { ConnectionDrop, connectionDrop } from "./connection-drop.ts";
import { CounterReset, counterReset } from "./counter-reset.ts";
import { CounterRollover, counterRollover } from "./counter-rollover.ts";
import { Curtailment, curtailment } from "./curtailment.ts";
import { Degradation, degradation } from "./degradation.ts";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ExceptionAnswer, exceptionAnswer } from "./exception-answer.ts";
import { FrequencyExcursion, frequencyExcursion } from "./frequency-excursion.ts";
import { Garbage, garbage } from "./garbage.ts";
import { HalfOpen, halfOpen } from "./half-open.ts";
import { InsulationFault, insulationFault } from "./insulation-fault.ts";
import { InverterTrip, inverterTrip } from "./inverter-trip.ts";
import { MergedFrames, mergedFrames } from "./merged-frames.ts";
import { MeterExchange, meterExchange } from "./meter-exchange.ts";
import { MeterReversal, meterReversal } from "./meter-reversal.ts";
import { NoAnswer, noAnswer } from "./no-answer.ts";
import { Noise, noise } from "./noise.ts";
import { OneClient, oneClient } from "./one-client.ts";
import { Overtemperature, overtemperature } from "./overtemperature.ts";
import { PartialFrames, partialFrames } from "./partial-frames.ts";
import { PhaseLoss, phaseLoss } from "./phase-loss.ts";
import { PlantTrip, plantTrip } from "./plant-trip.ts";
import { ScaleChange, scaleChange } from "./scale-change.ts";
import { SensorDrift, sensorDrift } from "./sensor-drift.ts";
import { Sentinel, sentinel } from "./sentinel.ts";
import { Shading, shading } from "./shading.ts";
import { SignFlip, signFlip } from "./sign-flip.ts";
import { SlowAnswer, slowAnswer } from "./slow-answer.ts";
import { Soiling, soiling } from "./soiling.ts";
import { Spike, spike } from "./spike.ts";
import { StringLoss, stringLoss } from "./string-loss.ts";
import { StringOpen, stringOpen } from "./string-open.ts";
import { Stuck, stuck } from "./stuck.ts";
import { TransientZero, transientZero } from "./transient-zero.ts";
import { VoltageExcursion, voltageExcursion } from "./voltage-excursion.ts";
import { VoltageUnbalance, voltageUnbalance } from "./voltage-unbalance.ts";
import { WrongTransaction, wrongTransaction } from "./wrong-transaction.ts";

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
  NoAnswer,
  SlowAnswer,
  HalfOpen,
  ConnectionDrop,
  ExceptionAnswer,
  WrongTransaction,
  PartialFrames,
  MergedFrames,
  Garbage,
  OneClient,
  ByteSwap,
  CounterRollover,
  TransientZero,
  ClockDrift,
  ClockJump,
  ClockDstError,
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
  "no-answer": noAnswer,
  "slow-answer": slowAnswer,
  "half-open": halfOpen,
  "connection-drop": connectionDrop,
  "exception-answer": exceptionAnswer,
  "wrong-transaction": wrongTransaction,
  "partial-frames": partialFrames,
  "merged-frames": mergedFrames,
  garbage,
  "one-client": oneClient,
  "byte-swap": byteSwap,
  "counter-rollover": counterRollover,
  "transient-zero": transientZero,
  "clock-drift": clockDrift,
  "clock-jump": clockJump,
  "clock-dst-error": clockDstError,
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
