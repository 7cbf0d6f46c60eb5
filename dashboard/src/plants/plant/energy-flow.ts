import { type Freshness, worstOf } from "@sunledger/model";
import { isCurrent, isKnown } from "../../live/freshness.ts";
import type { PlantRow } from "../overview/plant-row.ts";
import { type Part, type Sum, sumOf } from "../sum.ts";
import type { Peer } from "./deviation.ts";

/** One box of generation: an inverter, or neighbours taken together. */
export type Source = {
  readonly key: string;
  readonly first: string;
  readonly last: string;
  readonly count: number;
  /** How many report or sleep: whose power is known. */
  readonly known: number;
  readonly power: Sum;
  /** The worst of its inverters. */
  readonly state: Freshness;
};

/** Power along a line of the diagram, watts. */
export type Flow = Pick<Sum, "value" | "doubtful" | "state">;

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
      known: group.filter(({ state }) => isKnown(state)).length,
      power: powerOf(group),
      state: stateOf(group.map(({ state }) => state)),
    });
  }
  return sources;
}

/** What the site uses itself: generation and import less export; none unless both are known. */
export function loadOf({ powerW, exportW }: Pick<PlantRow, "powerW" | "exportW">): Flow {
  const known = isKnown(powerW.state) && isKnown(exportW.state);
  if (!known || powerW.value === null || exportW.value === null) {
    return { value: null, doubtful: false, state: "never" };
  }
  return {
    value: powerW.value - exportW.value,
    doubtful: powerW.doubtful || exportW.doubtful,
    // As fresh as the less fresh of the two.
    state: worstOf([powerW.state, exportW.state]),
  };
}

/** The power of inverters together, as their room tells it. */
export function powerOf(peers: readonly Peer[]): Sum {
  return sumOf(peers.map(partOf));
}

/** A doubtful value counts as one; what is no measurement does not count. */
function partOf({ power, state }: Peer): Part {
  if (!power) return { value: state === "asleep" ? 0 : null, at: null, state };
  const { value, at, flag } = power;
  // A sleeper's last word may be hours old, and it generates nothing now.
  if (state === "asleep" && !isCurrent(power.state)) return { value: 0, at, state };
  const measured = flag === undefined || flag === "suspect" || flag === "substituted";
  return {
    value: measured && typeof value === "number" ? value : null,
    at,
    state: state === "asleep" ? state : power.state,
    doubtful: flag !== undefined,
  };
}

/** Late is good enough for a group, one asleep is not for calling the others so. */
function stateOf(group: readonly Freshness[]): Freshness {
  return group.every(isCurrent) ? "live" : worstOf(group);
}
