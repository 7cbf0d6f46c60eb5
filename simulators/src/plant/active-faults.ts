import type { FaultEffect, FaultMoment } from "../faults/effect.ts";
import { deviceOf, effectOf, type Fault } from "../faults/fault.ts";
import type { WireEffect } from "../faults/wire-effect.ts";
import { type InverterCondition, sound } from "./condition.ts";
import { longestStartDelayMs } from "./inverter.ts";

/** A fault that acts now, and what it does. */
export type ActiveFault = {
  /** Its place among the faults of the plant. */
  readonly place: number;
  readonly fault: Fault;
  readonly effect: FaultEffect;
};

const none: readonly ActiveFault[] = [];

/**
 * The faults that act at a moment: from their start on, and no longer at their end; and those for which an inverter
 * still waits that they had stopped.
 */
export function activeFaults(
  faults: readonly Fault[],
  moment: FaultMoment,
): readonly ActiveFault[] {
  if (faults.length === 0) return none;
  const { at } = moment;
  return faults.flatMap((fault, place) => {
    const { start, end = Number.POSITIVE_INFINITY } = fault;
    if (at < start || at >= end + longestStartDelayMs) return [];
    if (at < end) return [{ place, fault, effect: effectOf(fault, moment) }];
    return stops(fault) ? [{ place, fault, effect: { waitedMs: at - end } }] : [];
  });
}

/** Whether inverters stop for a fault. */
export function stops(fault: Fault): boolean {
  return effectOf(fault, { at: fault.start, timeZone: "UTC" }).stopped === true;
}

/** When all that a fault does is over: an inverter that it had stopped starts a while behind its end. */
export function settledAt(fault: Fault): number {
  const { end = Number.POSITIVE_INFINITY } = fault;
  return stops(fault) ? end + longestStartDelayMs : end;
}

/** Those of a device and those of all of its plant. */
export function faultsOf(active: readonly ActiveFault[], tag: string): readonly ActiveFault[] {
  if (active.length === 0) return none;
  return active.filter(({ fault }) => (deviceOf(fault) ?? tag) === tag);
}

/** What faults together make of an inverter. */
export function conditionOf(active: readonly ActiveFault[]): InverterCondition {
  if (active.length === 0) return sound;
  return active.reduce<InverterCondition>((before, { effect }) => joined(before, effect), sound);
}

function joined(before: InverterCondition, effect: FaultEffect): InverterCondition {
  const { stopped, trouble, limit = 1, kept = 1, heat = 0, insulation } = effect;
  return {
    stopped: before.stopped || stopped === true,
    waitedMs: Math.min(before.waitedMs, effect.waitedMs ?? Number.POSITIVE_INFINITY),
    troubles:
      trouble === undefined || before.troubles.includes(trouble)
        ? before.troubles
        : [...before.troubles, trouble],
    limit: Math.min(before.limit, limit),
    kept: before.kept * kept,
    strings: effect.strings ? lessStrings(before.strings, effect.strings) : before.strings,
    heat: before.heat + heat,
    insulation: Math.min(before.insulation, insulation ?? Number.POSITIVE_INFINITY),
  };
}

function lessStrings(
  before: ReadonlyMap<number, number>,
  { numbers, kept }: NonNullable<FaultEffect["strings"]>,
): ReadonlyMap<number, number> {
  const after = new Map(before);
  for (const number of numbers) after.set(number, kept * (after.get(number) ?? 1));
  return after;
}

/** Whether a device answers nobody now. */
export function isSilent(
  { faults }: { readonly faults: readonly ActiveFault[] },
  tag: string,
): boolean {
  return faultsOf(faults, tag).some(({ effect }) => effect.silent);
}

/** Whether the current transformers of a meter are turned round now. */
export function isReversed(
  { faults }: { readonly faults: readonly ActiveFault[] },
  tag: string,
): boolean {
  return faultsOf(faults, tag).some(({ effect }) => effect.reversed);
}

const soundWire: readonly WireEffect[] = [];

/** What faults make of a device's line now. */
export function wireOf(
  { faults }: { readonly faults: readonly ActiveFault[] },
  tag: string,
): readonly WireEffect[] {
  if (faults.length === 0) return soundWire;
  return faultsOf(faults, tag).flatMap(({ effect }) => effect.wire ?? []);
}

/** Whether a fault can cost energy: only of such the loss is worked out. */
export function costsEnergy({ effect }: ActiveFault): boolean {
  const { stopped, waitedMs, limit, kept, strings, heat } = effect;
  const parts = [waitedMs, limit, kept, strings, heat];
  return stopped === true || parts.some((part) => part !== undefined);
}
