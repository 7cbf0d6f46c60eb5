import type { Freshness } from "@sunledger/model";
import { isCurrent } from "../../live/freshness.ts";
import type { PlantRow } from "../overview/plant-row.ts";
import type { Peer } from "./deviation.ts";

/** One box of generation: an inverter, or neighbours taken together. */
export type Source = {
  readonly key: string;
  readonly first: string;
  readonly last: string;
  readonly count: number;
  readonly reporting: number;
  readonly watts: number | null;
  /** The worst of its inverters. */
  readonly state: Freshness;
};

/** More boxes than these do not stand above each other. */
const mostSources = 4;

/** Inverters in as few neighbourly groups as the diagram has places. */
export function sourcesOf(peers: readonly Peer[]): Source[] {
  const size = Math.ceil(peers.length / mostSources);
  const sources: Source[] = [];
  for (let start = 0; start < peers.length; start += size) {
    const group = peers.slice(start, start + size);
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) continue;
    sources.push({
      key: first.device.id,
      first: first.device.tag,
      last: last.device.tag,
      count: group.length,
      reporting: group.filter(({ state }) => isCurrent(state)).length,
      watts: wattsOf(group),
      state: group.every(({ state }) => isCurrent(state)) ? "live" : worstOf(group),
    });
  }
  return sources;
}

/** What the site uses itself: generation and import less export; null unless both are current. */
export function loadOf({ powerW, exportW }: PlantRow): number | null {
  const known = isCurrent(powerW.state) && isCurrent(exportW.state);
  if (!known || powerW.value === null || exportW.value === null) return null;
  return powerW.value - exportW.value;
}

function wattsOf(group: readonly Peer[]): number | null {
  let sum: number | null = null;
  for (const { power } of group) {
    if (power && isCurrent(power.state) && typeof power.value === "number") {
      sum = (sum ?? 0) + power.value;
    }
  }
  return sum;
}

const worst: readonly Freshness[] = ["offline", "stale", "never", "late", "live"];

function worstOf(group: readonly Peer[]): Freshness {
  return worst.find((state) => group.some((peer) => peer.state === state)) ?? "never";
}
