import type { DeviceSummary, Freshness } from "@sunledger/model";
import { isCurrent } from "../../live/freshness.ts";
import type { RoomState } from "../../live/room.ts";
import { type Moment, type Standing, standingOf } from "../../live/standing.ts";
import { median } from "../overview/plant-row.ts";

/** An inverter beside its peers. */
export type Peer = {
  readonly device: DeviceSummary;
  readonly state: Freshness;
  readonly power: Standing | undefined;
  /** How far its power by rating lies from the median of its peers, −0.184; null when unknown. */
  readonly deviation: number | null;
};

/** Below this share of their rating peers tell nothing: dawn, dusk and night. */
const leastMedian = 0.02;

/** Compares each inverter's AC power, divided by its rating, with the median of those that report. */
export function peersOf(
  devices: readonly DeviceSummary[],
  room: RoomState | undefined,
  states: ReadonlyMap<string, Freshness>,
  moment: Moment,
): Peer[] {
  const peers = devices.map((device) => {
    const power = standingOf(room, device.id, "ac.power.active", moment);
    const state = states.get(device.id) ?? device.state;
    return { device, state, power, share: shareOf(device, power) };
  });
  const known = peers.map(({ share }) => share).filter((share) => share !== null);
  const middle = median(known);
  return peers.map(({ share, ...peer }) => ({
    ...peer,
    deviation: share === null || middle < leastMedian ? null : share / middle - 1,
  }));
}

function shareOf(
  { ratedAcW, ratedDcW }: DeviceSummary,
  power: Standing | undefined,
): number | null {
  const rated = ratedDcW ?? ratedAcW;
  if (!rated || !power || !isCurrent(power.state) || typeof power.value !== "number") return null;
  return power.value / rated;
}

/** The colour of a deviation: towards amber below the peers, towards blue above them. */
export function deviationColour(deviation: number): string {
  const percent = deviation * 100;
  if (percent < 0) return mix("--dev-lo", Math.min(100, -percent * 6));
  return mix("--dev-hi", Math.min(100, percent * 12));
}

function mix(token: string, share: number): string {
  return `color-mix(in srgb, var(${token}) ${share.toFixed(0)}%, var(--dev-mid))`;
}
