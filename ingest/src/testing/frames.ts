import { type Frame, type Lane, type Layout, layoutHash } from "@sunledger/model";
import type { BatchOutcome, FrameBatch, StoredFrame } from "@sunledger/store";

export const organisation = "0195a000-0000-7000-8000-000000000001";
export const plant = "0195a000-0000-7000-8000-000000000002";
export const inverter = "0195a000-0000-7000-8000-000000000003";
export const meter = "0195a000-0000-7000-8000-000000000004";
export const epoch = "0195a000-0000-7000-8000-0000000000e1";

/** Noon of an ordinary day. */
export const noon = Date.UTC(2026, 5, 1, 4);

export const sender = {
  id: "roof-17",
  organisation,
  plant,
  secretHash: "",
  devices: new Map([
    ["INV-01", inverter],
    ["METER-01", meter],
  ]),
};

export const powers: Layout = { lane: "values", points: ["ac.power.active", "ac.frequency"] };
export const energies: Layout = { lane: "counters", points: ["ac.energy.export.total"] };
export const powersHash = await layoutHash(powers);
export const energiesHash = await layoutHash(energies);

export function frame(sequence: number, more: Partial<Frame> = {}): Frame {
  return {
    device: "INV-01",
    sequence,
    layout: powersHash,
    at: noon + sequence * 1_000,
    clock: "synced",
    values: [1_000 + sequence, 50],
    ...more,
  };
}

export function stored(sequence: number, more: Partial<StoredFrame> = {}): StoredFrame {
  return { ...frame(sequence), device: inverter, ...more };
}

export function batch(
  frames: readonly StoredFrame[],
  more: Partial<FrameBatch> & { lane?: Lane } = {},
): FrameBatch {
  return {
    organisation,
    gateway: sender.id,
    epoch,
    lane: "values",
    arrival: noon,
    frames,
    quarantined: [],
    gaps: [],
    ...more,
  };
}

export function outcome(more: Partial<BatchOutcome> = {}): BatchOutcome {
  return { fresh: new Set(), repeated: 0, conflicts: 0, settled: [], newEpoch: false, ...more };
}
