import { randomUUID } from "node:crypto";
import { type Layout, layoutHash, type Value } from "@sunledger/model";
import type { FrameBatch, FrameStore, PointRange, StoredFrame } from "./frame-store.ts";

export const minute = 60_000;
export const day = 24 * 60 * minute;
export const noon = Date.UTC(2026, 5, 21, 12);

export const powers: Layout = {
  lane: "values",
  points: ["ac.power.active", "dc.power", "temperature"],
};
export const counters: Layout = { lane: "counters", points: ["energy.export", "energy.import"] };
export const more: Layout = { lane: "values", points: ["ac.power.active", "state"] };
export const powersHash = await layoutHash(powers);
export const countersHash = await layoutHash(counters);
export const moreHash = await layoutHash(more);

export const [deviceA, deviceB] = [
  "0197a000-0000-7000-8000-00000000000a",
  "0197a000-0000-7000-8000-00000000000b",
] as const;

/** One frame of the first device. */
export function frame(
  sequence: number,
  at: number,
  values: readonly Value[] = [1, 2, 3],
): StoredFrame {
  return { device: deviceA, sequence, layout: powersHash, at, clock: "synced", values };
}

/** A batch of an organisation, gateway and epoch that nobody else has. */
export function batchOf(frames: readonly StoredFrame[]): FrameBatch {
  return {
    organisation: randomUUID(),
    gateway: "roof-1",
    epoch: randomUUID(),
    lane: "values",
    arrival: noon,
    frames,
    quarantined: [],
    gaps: [],
  };
}

export function rangeOf({ organisation }: FrameBatch, points: readonly string[]): PointRange {
  return { organisation, devices: [deviceA, deviceB], points, from: noon - day, to: noon + day };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** All that the store has of the batch's organisation, in the order of its answer. */
export async function valuesOf(store: FrameStore, batch: FrameBatch, points = powers.points) {
  const range = { organisation: batch.organisation, devices: [deviceA, deviceB], points };
  return collect(store.read({ ...range, from: 0, to: noon + 1_000 * day }));
}
