import type { Lane } from "@sunledger/model";

/** What bills rest on is polled more rarely. */
export const pollsACounter = 10;

export const fleetPoints: Readonly<Record<Lane, readonly string[]>> = {
  counters: ["ac.energy.export.total"],
  values: ["ac.power.active", "ac.frequency"],
};

/** What the device of that place shows so long after the beginning: no two instants or devices the same. */
export function fleetValues(lane: Lane, sinceMs: number, place: number): number[] {
  return lane === "counters" ? [8 * sinceMs + place] : [2 * sinceMs + place / 4, 50];
}
