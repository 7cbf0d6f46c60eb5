import {
  type Coverage,
  certainShare,
  type Figure,
  type Flag,
  type Freshness,
  freshestOf,
  leastShare,
  shareOf,
} from "@sunledger/model";
import { isCurrent, isKnown } from "../live/freshness.ts";

/** What a sum is made of: a device's value, or a sum of its own. */
export type Part = {
  readonly value: number | null;
  /** The newest value's time, Unix milliseconds by the server. */
  readonly at: number | null;
  readonly state: Freshness;
  readonly doubtful?: boolean | undefined;
  /** The devices behind it; absent for one device. `null` when no device measures it. */
  readonly coverage?: Coverage | null;
};

/** A figure over devices as it may be shown: what it is, how fresh, how sure, and over how many. */
export type Sum = Pick<Part, "value" | "at" | "state"> & {
  readonly doubtful: boolean;
  readonly coverage: Coverage | null;
  /** Why there is no value, or why it is in doubt. */
  readonly reason?: Figure["reason"];
};

/**
 * How a figure stands by its parts. Only current parts count, and those that sleep. It is in doubt when a part is or when
 * fewer than 95 % of the devices report or sleep, and there is none when fewer than half do; it is as fresh
 * as the freshest part that counts, else as the freshest of all.
 */
export function sumOf(parts: readonly Part[]): Sum {
  const counted = parts.filter(({ value, state }) => value !== null && isKnown(state));
  const coverage = coverageOf(parts, counted);
  if (coverage === null) return { ...nothing, reason: "noDevices" };
  const share = shareOf(coverage);
  const state = freshestIn(counted.length > 0 ? counted : parts);
  const at = newest(parts);
  if (counted.length === 0 || share < leastShare) {
    return { value: null, at, state, doubtful: false, coverage, reason: "lowCoverage" };
  }
  const doubtful = share < certainShare || counted.some((part) => part.doubtful === true);
  return { value: total(counted), at, state, doubtful, coverage };
}

/** How a sum stands that was read together with its coverage. */
export function readSum({ value, at, coverage, reason, doubtful }: Figure, state: Freshness): Sum {
  if (reason === "notYet") return { ...nothing, reason };
  if (coverage === null || reason === "noDevices") return sumOf([]);
  if (value !== null) return sumOf([{ value, at, state, coverage, doubtful }]);
  // What cannot be added up is nothing that is live.
  const old = isCurrent(state) ? "stale" : state;
  return { ...nothing, at, state: old, coverage, ...(reason && { reason }) };
}

/** What the live line tells of a sum. */
export type Told = {
  readonly value: number | null;
  readonly at: number | null;
  readonly state: Freshness;
  readonly flag?: Flag | undefined;
};

/** How a sum stands that the live line tells; a flag says that it is in doubt, or not there. */
export function toldSum({ value, at, state, flag }: Told, coverage: Coverage | null): Sum {
  if (coverage === null) return sumOf([]);
  if (value === null) return readSum({ value, at, coverage, reason: "lowCoverage" }, state);
  return sumOf([{ value, at, state, doubtful: flag !== undefined, coverage }]);
}

/**
 * How a figure of the day stands: what was counted stays counted, but is old once its plant is no
 * longer current, and no fresher than the reading that it came with.
 */
export function daySum(
  { value, at, coverage, reason, doubtful }: Figure,
  plant: Freshness,
  read: Freshness,
): Sum {
  if (value === null) return { ...nothing, at, coverage, ...(reason && { reason }) };
  const state = isKnown(plant) || plant === "never" ? read : "stale";
  const told = { value, at, state, coverage, ...(reason && { reason }) };
  return { ...told, doubtful: doubtful === true || isCut(coverage) };
}

/** Figures of the day added up over plants; in doubt while one of them is old or missing. */
export function countedOf(parts: readonly Sum[]): Sum {
  const known = parts.filter(({ value }) => value !== null);
  const coverage = coverageOf(parts, known);
  if (known.length === 0) return { ...nothing, coverage, reason: "noData" };
  const state = freshestIn(known);
  const unsure = parts.some((part) => part.doubtful || !isCurrent(part.state));
  const doubtful = isCurrent(state) && (unsure || isCut(coverage));
  const reason = known.find((part) => part.reason)?.reason;
  const sum = { value: total(known), at: newest(known), state, doubtful, coverage };
  return { ...sum, ...(reason && { reason }) };
}

/** Whether too few devices are known to be certain. */
function isCut(coverage: Coverage | null): boolean {
  return coverage !== null && shareOf(coverage) < certainShare;
}

const nothing = { value: null, at: null, state: "never", doubtful: false, coverage: null } as const;

function freshestIn(parts: readonly Part[]): Freshness {
  return freshestOf(parts.map(({ state }) => state));
}

function newest(parts: readonly Part[]): number | null {
  const times = parts.flatMap(({ at }) => at ?? []);
  return times.length > 0 ? Math.max(...times) : null;
}

function total(parts: readonly Part[]): number {
  return parts.reduce((sum, { value }) => sum + (value ?? 0), 0);
}

/** The devices behind the parts that count, out of those behind all; `null` when there are none. */
function coverageOf(parts: readonly Part[], counted: readonly Part[]): Coverage | null {
  const sum = (among: readonly Part[], pick: (coverage: Coverage) => number) =>
    among.map(coverageBehind).reduce((all, one) => all + (one ? pick(one) : 0), 0);
  const behind = sum(parts, (one) => one.total);
  const reporting = sum(counted, (one) => one.reporting);
  const asleep = sum(counted, (one) => one.asleep ?? 0);
  return behind > 0 ? { reporting, total: behind, ...(asleep > 0 && { asleep }) } : null;
}

function coverageBehind({ coverage, state }: Part): Coverage | null {
  if (coverage !== undefined) return coverage;
  return state === "asleep" ? { reporting: 0, total: 1, asleep: 1 } : { reporting: 1, total: 1 };
}
