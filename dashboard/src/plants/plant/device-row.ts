import type { DeviceSummary, Freshness } from "@sunledger/model";
import { isCurrent } from "../../live/freshness.ts";
import type { RoomState } from "../../live/room.ts";
import { type Moment, type Standing, standingOf } from "../../live/standing.ts";

/** A device in the list of its plant. */
export type DeviceRow = {
  readonly device: DeviceSummary;
  readonly state: Freshness;
  readonly point: string | undefined;
  readonly headline: Pick<Standing, "value" | "unit" | "at" | "flag" | "state"> | undefined;
};

/** A device with its most telling value: as its room tells it, else as it was read. */
export function deviceRow(
  device: DeviceSummary,
  room: RoomState | undefined,
  states: ReadonlyMap<string, Freshness>,
  moment: Moment,
): DeviceRow {
  const state = states.get(device.id) ?? device.state;
  const point = device.headline?.point ?? headlinePoints[device.kind];
  const live = point ? standingOf(room, device.id, point, moment) : undefined;
  const kept = device.headline && { ...device.headline, flag: undefined, state };
  const headline = live?.at ? live : (kept ?? undefined);
  // Its last word is not what a sleeper does now: the plant's sum does not count it either.
  const isOver = state === "asleep" && headline !== undefined && !isCurrent(headline.state);
  return { device, state, point, headline: isOver ? { ...headline, value: null } : headline };
}

/**
 * Which way the power of a meter goes, import positive as the catalogue has it: the tile of the plant
 * counts the other way round. `undefined` of anything else and while nobody can tell.
 */
export function meterDirection({
  device,
  point,
  headline,
}: DeviceRow): "export" | "import" | undefined {
  if (device.kind !== "meter" || point !== "ac.power.active") return undefined;
  if (typeof headline?.value !== "number" || !isCurrent(headline.state)) return undefined;
  return headline.value < 0 ? "export" : "import";
}

/** What is shown of a device that has not yet said anything. */
const headlinePoints: Partial<Record<DeviceSummary["kind"], string>> = {
  inverter: "ac.power.active",
  meter: "ac.power.active",
};
