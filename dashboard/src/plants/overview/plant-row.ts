import type { Coverage, Figure, Flag, Freshness, PlantSummary } from "@sunledger/model";
import { median } from "@sunledger/model/performance";
import { isCurrent } from "../../live/freshness.ts";
import type { RoomState } from "../../live/room.ts";
import { type Moment, plantState, standingOf } from "../../live/standing.ts";

/** A number of a plant and how fresh it is; null when there is none to show. */
export type Shown = {
  readonly value: number | null;
  readonly at: number | null;
  readonly state: Freshness;
  readonly reason?: string | undefined;
  readonly flag?: Flag | undefined;
};

/** A plant as it stands now: what was read of it, made newer by what its room says. */
export type PlantRow = {
  readonly plant: PlantSummary;
  readonly state: Freshness;
  readonly newestAt: number | null;
  readonly powerW: Shown;
  readonly irradiance: Shown;
  readonly exportW: Shown;
  /** How many of the inverters the power rests on. */
  readonly coverage: Coverage | null;
};

export function plantRow(
  plant: PlantSummary,
  room: RoomState | undefined,
  moment: Moment,
): PlantRow {
  const state = stateOf(plant, room, moment);
  const live = (point: string, figure: Figure, sign = 1) =>
    shownOf(room, point, figure, sign, { moment, plant: state });
  const powerW = live("ac.power.active", plant.powerW);
  const { coverage } = plant.powerW;
  return {
    plant,
    state,
    newestAt: newestOf(plant, room),
    powerW,
    irradiance: live("met.irradiance.poa", plant.irradiance),
    // The meter counts what comes in; the plant tells what goes out.
    exportW: live("grid.power.active", plant.exportW, -1),
    coverage: coverage && !isWhole(powerW) ? { ...coverage, reporting: 0 } : coverage,
  };
}

/** Whether the coverage that was read speaks for the number; for a flagged or missing one it does not. */
function isWhole({ value, state, flag }: Shown): boolean {
  return isCurrent(state) && value !== null && flag === undefined;
}

const worst: readonly Freshness[] = ["offline", "stale", "never", "late", "live"];

/** Worst first: by state, then by how far a plant's power lies under the median of all. */
export function worstFirst(rows: readonly PlantRow[]): PlantRow[] {
  const yields = rows.map(specificPower).filter((each) => each !== null);
  const middle = median(yields) ?? 0;
  const below = (row: PlantRow) => (specificPower(row) ?? middle) - middle;
  return [...rows].sort(
    (a, b) => worst.indexOf(a.state) - worst.indexOf(b.state) || below(a) - below(b),
  );
}

/** Whether somebody should look at the plant. */
export function isAbnormal({ state, plant }: PlantRow): boolean {
  return !isCurrent(state) || plant.devices.offline > 0;
}

/** The sum over the plants whose value is current, and how many devices it rests on. */
export function sumOf(rows: readonly PlantRow[], pick: (row: PlantRow) => Shown): number | null {
  let sum: number | null = null;
  for (const row of rows) {
    const { value, state } = pick(row);
    if (value !== null && isCurrent(state)) sum = (sum ?? 0) + value;
  }
  return sum;
}

export function coverageOf(rows: readonly PlantRow[]): Coverage {
  return rows.reduce(
    (sum, { coverage }) => ({
      reporting: sum.reporting + (coverage?.reporting ?? 0),
      total: sum.total + (coverage?.total ?? 0),
    }),
    { reporting: 0, total: 0 },
  );
}

function specificPower({ plant, powerW }: PlantRow): number | null {
  return powerW.value === null || plant.dcPowerW <= 0 ? null : powerW.value / plant.dcPowerW;
}

function stateOf(plant: PlantSummary, room: RoomState | undefined, moment: Moment): Freshness {
  if (room) return plantState(room, moment);
  return moment.lost && isCurrent(plant.state) ? "stale" : plant.state;
}

type Judging = { readonly moment: Moment; readonly plant: Freshness };

function shownOf(
  room: RoomState | undefined,
  point: string,
  figure: Figure,
  sign: number,
  { moment, plant }: Judging,
): Shown {
  const live = standingOf(room, null, point, moment);
  if (live && live.at !== null && live.at >= (figure.at ?? 0)) {
    const value = typeof live.value === "number" ? 0 + sign * live.value : null;
    // A plant that cannot be reached has no newer sum: its last one is as offline as it is.
    const state = plant === "offline" ? "offline" : live.state;
    return {
      value,
      at: live.at,
      state,
      ...(value === null ? { reason: "lowCoverage" } : {}),
      ...(live.flag ? { flag: live.flag } : {}),
    };
  }
  return { value: figure.value, at: figure.at, state: plant, reason: figure.reason };
}

function newestOf(plant: PlantSummary, room: RoomState | undefined): number | null {
  let newest = plant.newestAt;
  for (const at of room?.polled.values() ?? []) newest = Math.max(at, newest ?? 0);
  return newest;
}
