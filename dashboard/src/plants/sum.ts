import type { Coverage, Figure, Flag, Freshness } from "@sunledger/model";
import { isCurrent } from "../live/freshness.ts";

/** Below this share of reporting devices a figure is in doubt. */
export const certainShare = 0.95;
/** Below this share there is none. */
const leastShare = 0.5;

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
  /** Why there is no value. */
  readonly reason?: Figure["reason"];
};

/**
 * How a figure stands by its parts. Only current parts count. It is in doubt when a part is or when
 * fewer than 95 % of the devices report, and there is none when fewer than half do; it is as fresh
 * as the freshest part that counts, else as the freshest of all.
 */
export function sumOf(parts: readonly Part[]): Sum {
  const counted = parts.filter(({ value, state }) => value !== null && isCurrent(state));
  const coverage = coverageOf(parts, counted);
  const share = shareOf(coverage);
  const state = freshest(counted.length > 0 ? counted : parts);
  const at = newest(parts);
  if (coverage === null) return { ...nothing, reason: "noDevices" };
  if (counted.length === 0 || share < leastShare) {
    return { value: null, at, state, doubtful: false, coverage, reason: "lowCoverage" };
  }
  const doubtful = share < certainShare || counted.some((part) => part.doubtful === true);
  return { value: total(counted), at, state, doubtful, coverage };
}

/** How a sum stands that was read together with its coverage. */
export function readSum({ value, at, coverage, reason }: Figure, state: Freshness): Sum {
  if (coverage === null || reason === "noDevices") return sumOf([]);
  if (value !== null) return sumOf([{ value, at, state, coverage }]);
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

/**
 * How a sum stands that the live line tells, without its coverage. The flag is newer than the
 * coverage that was read and bounds it: none means 95 % and more, one beside a value between that
 * and half, no value less than half.
 */
export function toldSum({ value, at, state, flag }: Told, read: Coverage | null): Sum {
  if (read === null) return sumOf([]);
  const bounded = (least: number, most: number): Coverage => ({
    ...read,
    reporting: Math.max(least, Math.min(most, read.reporting)),
  });
  if (value === null) {
    const coverage = bounded(0, under(read, leastShare));
    return readSum({ value, at, coverage, reason: "lowCoverage" }, state);
  }
  const coverage = flag
    ? bounded(Math.ceil(read.total * leastShare), under(read, certainShare))
    : bounded(Math.ceil(read.total * certainShare), read.total);
  return sumOf([{ value, at, state, doubtful: flag !== undefined, coverage }]);
}

/**
 * How a figure of the day stands: what was counted stays counted, but is old once its plant is no
 * longer current, and no fresher than the reading that it came with.
 */
export function daySum(
  { value, at, coverage, reason }: Figure,
  plant: Freshness,
  read: Freshness,
): Sum {
  if (value === null) return { ...nothing, at, coverage, ...(reason && { reason }) };
  const state = isCurrent(plant) || plant === "never" ? read : "stale";
  return { value, at, state, doubtful: shareOf(coverage) < certainShare, coverage };
}

/** Figures of the day added up over plants; in doubt while one of them is old or missing. */
export function countedOf(parts: readonly Sum[]): Sum {
  const known = parts.filter(({ value }) => value !== null);
  const coverage = coverageOf(parts, known);
  if (known.length === 0) return { ...nothing, coverage, reason: "noData" };
  const state = freshest(known);
  const unsure = parts.some((part) => part.doubtful || !isCurrent(part.state));
  const doubtful = isCurrent(state) && (unsure || shareOf(coverage) < certainShare);
  return { value: total(known), at: newest(known), state, doubtful, coverage };
}

export function shareOf(coverage: Coverage | null): number {
  return coverage && coverage.total > 0 ? coverage.reporting / coverage.total : 1;
}

const nothing = { value: null, at: null, state: "never", doubtful: false, coverage: null } as const;

const freshness: readonly Freshness[] = ["live", "late", "stale", "offline", "never"];

function freshest(parts: readonly Part[]): Freshness {
  return freshness.find((state) => parts.some((part) => part.state === state)) ?? "never";
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
  const one: Coverage = { reporting: 1, total: 1 };
  const behind = parts.reduce((sum, { coverage = one }) => sum + (coverage?.total ?? 0), 0);
  const reporting = counted.reduce(
    (sum, { coverage = one }) => sum + (coverage?.reporting ?? 0),
    0,
  );
  return behind > 0 ? { reporting, total: behind } : null;
}

/** The most devices that are fewer than this share of them. */
function under({ total: all }: Coverage, share: number): number {
  return Math.max(0, Math.ceil(all * share) - 1);
}
