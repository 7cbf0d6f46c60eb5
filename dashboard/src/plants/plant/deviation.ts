import type { DeviceSummary, Freshness } from "@sunledger/model";
import { median } from "@sunledger/model/performance";
import { isCurrent } from "../../live/freshness.ts";
import type { RoomState } from "../../live/room.ts";
import { type Moment, type Standing, standingOf } from "../../live/standing.ts";

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
  const middle = median(known) ?? 0;
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

export type Look = {
  readonly background: string;
  /** The colour is so deep that the other ink is the readable one. */
  readonly deep: boolean;
};

/** Full amber at so far below the median, full blue at so far above it. */
const fullLow = 1 / 6;
const fullHigh = 1 / 12;
/** From these shares of the colour on the other ink has the better contrast. */
const deepLow = 0.52;
const deepHigh = 0.57;

/** A deviation's colour: towards amber below the peers, towards blue above them. */
export function deviationLook(deviation: number): Look {
  const low = deviation < 0;
  const share = Math.min(1, Math.abs(deviation) / (low ? fullLow : fullHigh));
  const colour = `var(${low ? "--dev-lo" : "--dev-hi"}) ${(share * 100).toFixed(0)}%`;
  return {
    background: `color-mix(in srgb, ${colour}, var(--dev-mid))`,
    deep: share >= (low ? deepLow : deepHigh),
  };
}
