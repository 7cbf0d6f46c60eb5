import type { PlantDetail } from "@sunledger/model";
import { isKnown } from "../../live/freshness.ts";
import type { RoomState } from "../../live/room.ts";
import type { Moment } from "../../live/standing.ts";
import { type PlantRow, plantRow } from "../overview/plant-row.ts";
import type { Peer } from "./deviation.ts";
import { powerOf } from "./energy-flow.ts";

/**
 * A plant's page stands on the same row as its line in the overview; its power is that of the
 * inverters on the page, once they are heard and as long as the plant is current: whatever its
 * sleepers are taken for, a silent plant says nothing else here than there.
 */
export function summaryRow(
  { deviceCounts, ...plant }: PlantDetail,
  room: RoomState | undefined,
  peers: readonly Peer[],
  moment: Moment,
): PlantRow {
  const row = plantRow({ ...plant, devices: deviceCounts }, room, moment);
  const isHeard = peers.some(({ power }) => power?.at);
  return isHeard && isKnown(row.state) ? { ...row, powerW: powerOf(peers) } : row;
}
