import {
  type Coverage,
  type Figure,
  type Freshness,
  freshnessOf,
  type PlantSummary,
  worstRank,
} from "@sunledger/model";
import { median } from "@sunledger/model/performance";
import { isKnown } from "../../live/freshness.ts";
import { newestOfDevices, type RoomState } from "../../live/room.ts";
import {
  deviceStates,
  type Moment,
  plantState,
  reporting,
  type Standing,
  standingOf,
} from "../../live/standing.ts";
import { refreshMs } from "../queries.ts";
import { daySum, readSum, type Sum, toldSum } from "../sum.ts";

/** How many devices a plant has, how many report, sleep, cannot be reached, and hold imports alone. */
export type Devices = PlantSummary["devices"];

/** A plant as it stands now: what was read of it, made newer by what its room says. */
export type PlantRow = {
  readonly plant: PlantSummary;
  readonly state: Freshness;
  /** The time of its devices' newest value; every age of the plant is counted from here. */
  readonly newestAt: number | null;
  readonly devices: Devices;
  readonly powerW: Sum;
  readonly irradiance: Sum;
  readonly exportW: Sum;
  readonly energyTodayWh: Sum;
  readonly performanceRatioToday: Sum;
  readonly availabilityToday: Sum;
};

export function plantRow(
  plant: PlantSummary,
  room: RoomState | undefined,
  moment: Moment,
): PlantRow {
  const state = stateOf(plant, room, moment);
  const newestAt = newestOf(plant, room);
  const live = (point: string, figure: Figure, sign = 1) =>
    liveSum(standingOf(room, null, point, moment), figure, sign, { state, newestAt });
  // Figures of the day come by reading alone: they are as old as the answer that they stood in.
  const read = freshnessOf(plant.serverTime, refreshMs, moment.now);
  const readAt = isKnown(state) ? plant.serverTime : newestAt;
  const ofDay = (figure: Figure) => daySum({ ...figure, at: readAt }, state, read);
  return {
    plant,
    state,
    newestAt,
    devices: countDevices(plant, room, moment),
    powerW: live("ac.power.active", plant.powerW),
    irradiance: live("met.irradiance.poa", plant.irradiance),
    // The meter counts what comes in; the plant tells what goes out.
    exportW: live("grid.power.active", plant.exportW, -1),
    energyTodayWh: ofDay(plant.energyTodayWh),
    performanceRatioToday: ofDay(plant.performanceRatioToday),
    availabilityToday: ofDay(plant.availabilityToday),
  };
}

/** Worst first: by state, then by how far a plant's power lies under the median of all. */
export function worstFirst(rows: readonly PlantRow[]): PlantRow[] {
  const yields = rows.map(specificPower).filter((each) => each !== null);
  const middle = median(yields) ?? 0;
  const below = (row: PlantRow) => (specificPower(row) ?? middle) - middle;
  return [...rows].sort((a, b) => worstRank(a.state) - worstRank(b.state) || below(a) - below(b));
}

/** Whether somebody should look at the plant; nobody has to for values that were imported. */
export function isAbnormal(row: PlantRow): boolean {
  return isPolled(row) && (!isKnown(row.state) || row.devices.offline > 0);
}

/** Whether something is expected of it now; a plant of imported values has had its time. */
export function isPolled({ state }: PlantRow): boolean {
  return state !== "imported";
}

/** The devices that something is expected of, as a coverage of what reports and sleeps. */
export function expectedOf({ total, imported, reporting, asleep }: Devices): Coverage {
  return { reporting, total: total - imported, ...(asleep > 0 && { asleep }) };
}

/** The devices of all plants together. */
export function devicesOf(rows: readonly PlantRow[]): Devices {
  const count = (pick: (devices: Devices) => number) =>
    rows.reduce((sum, { devices }) => sum + pick(devices), 0);
  return {
    total: count(({ total }) => total),
    reporting: count((each) => each.reporting),
    asleep: count(({ asleep }) => asleep),
    offline: count(({ offline }) => offline),
    imported: count(({ imported }) => imported),
  };
}

function specificPower({ plant, powerW }: PlantRow): number | null {
  return powerW.value === null || plant.dcPowerW <= 0 ? null : powerW.value / plant.dcPowerW;
}

function stateOf(plant: PlantSummary, room: RoomState | undefined, moment: Moment): Freshness {
  if (room) return plantState(room, moment);
  return moment.lost && isKnown(plant.state) ? "stale" : plant.state;
}

type Silent = Pick<PlantRow, "state" | "newestAt">;

/** What the room tells of a sum, unless what was read is newer. */
function liveSum(live: Standing | undefined, figure: Figure, sign: number, plant: Silent): Sum {
  const known = isKnown(plant.state);
  if (!live || live.at === null || live.at < (figure.at ?? 0)) {
    return readSum(known ? figure : { ...figure, at: plant.newestAt }, plant.state);
  }
  const { flag, coverage = figure.coverage } = live;
  const value = typeof live.value === "number" ? 0 + sign * live.value : null;
  // A sum goes on when its devices have gone: its age is theirs, and it is no fresher than they are.
  if (!known) return toldSum({ value, at: plant.newestAt, state: plant.state, flag }, coverage);
  const at = value === null ? null : live.at;
  return toldSum({ value, at, state: live.state, flag }, coverage);
}

function newestOf(plant: PlantSummary, room: RoomState | undefined): number | null {
  const told = room ? newestOfDevices(room) : null;
  return told === null ? plant.newestAt : Math.max(told, plant.newestAt ?? 0);
}

function countDevices(
  { devices }: PlantSummary,
  room: RoomState | undefined,
  moment: Moment,
): Devices {
  if (!room) return moment.lost ? { ...devices, reporting: 0, asleep: 0 } : devices;
  const states = [...deviceStates(room, moment).values()];
  return {
    total: states.length,
    reporting: reporting(states),
    asleep: states.filter((state) => state === "asleep").length,
    offline: states.filter((state) => state === "offline").length,
    imported: states.filter((state) => state === "imported").length,
  };
}
