import type { PlantDetail } from "@sunledger/model";
import type { RoomState } from "../../live/room.ts";
import type { Moment } from "../../live/standing.ts";
import { type PlantRow, plantRow } from "../overview/plant-row.ts";

/** A plant's page stands on the same row as its line in the overview. */
export function summaryRow(
  { deviceCounts, ...plant }: PlantDetail,
  room: RoomState | undefined,
  moment: Moment,
): PlantRow {
  return plantRow({ ...plant, devices: deviceCounts }, room, moment);
}
