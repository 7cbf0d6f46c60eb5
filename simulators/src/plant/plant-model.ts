import { type LocalDay, lagged, localDay } from "@sunledger/model/performance";
import { deviceOf, type Fault } from "../faults/fault.ts";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import { batteriesOf, storedAfter } from "./battery.ts";
import { counterNames, firstCounters, flowsOf } from "./flows.ts";
import { type Moment, plantMoments } from "./moment.ts";

/** Counters are integrated on a fixed grid of time, so that a run is the same wherever it begins. */
export const stepMs = 30_000;
const hour = 3_600_000;
const cellLag = 6 * 60_000;

/** How far a plant's counters have come: enough to go on as if it had never stopped. */
export type PlantState = {
  readonly origin: number;
  /** A multiple of `stepMs`. */
  readonly at: number;
  readonly cellTemperature: number;
  /** Watt-hours by counter name. */
  readonly counters: Readonly<Record<string, number>>;
  /** The counters when the local day, month and year began. */
  readonly dayStart: Readonly<Record<string, number>>;
  readonly monthStart: Readonly<Record<string, number>>;
  readonly yearStart: Readonly<Record<string, number>>;
};

/** A plant at an instant with what its counters show, watt-hours, before any rounding. */
export type PlantReading = {
  readonly moment: Moment;
  readonly cellTemperature: number;
  counter(name: string): number;
  /** What the counter has gained since the local day, month or year began. */
  since(period: "day" | "month" | "year", name: string): number;
};

export type PlantModel = {
  readonly plant: SimulatedPlant;
  /**
   * The plant at an instant. Instants are asked for in order: an earlier one than before gets the
   * counters of the latest step, because a counter never falls back.
   */
  at(instant: number): PlantReading;
  state(): PlantState;
};

type Totals = Float64Array;

/** A plant whose values follow from seed, origin and time alone. */
export function plantModel(
  seed: string,
  plant: SimulatedPlant,
  start: { readonly origin: number } | PlantState,
): PlantModel {
  const momentAt = plantMoments(seed, plant);
  const names = counterNames(plant);
  const places = new Map(names.map((name, place) => [name, place]));
  const kept = "at" in start ? start : undefined;
  const first = firstCounters(seed, plant, start.origin);
  const restored = (
    values: Readonly<Record<string, number>> | undefined,
    other: ArrayLike<number>,
  ) => Float64Array.from(names, (name, i) => values?.[name] ?? other[i] ?? 0);

  const totals: Totals = restored(kept?.counters, first);
  let dayStart = restored(kept?.dayStart, totals);
  let monthStart = restored(kept?.monthStart, totals);
  let yearStart = restored(kept?.yearStart, totals);
  let day: LocalDay = localDay(kept?.at ?? start.origin, plant.timeZone);

  const batteries = batteriesOf(plant).map((battery) => ({
    battery,
    charged: places.get(`${battery.tag}/charged`) ?? 0,
    discharged: places.get(`${battery.tag}/discharged`) ?? 0,
  }));
  /** What is in the batteries at the end of the last step: it follows from their counters. */
  const inside = () =>
    batteries.map(({ battery, charged, discharged }) => {
      const gained = (place: number) => (totals[place] ?? 0) - (first[place] ?? 0);
      return storedAfter(battery, gained(charged), gained(discharged));
    });

  const firstStep = kept?.at ?? Math.ceil(start.origin / stepMs) * stepMs;
  let cell = kept?.cellTemperature ?? momentAt(firstStep, 20, inside()).air.temperature;
  let before = momentAt(firstStep, cell, inside());
  let inFlow: Totals = new Float64Array(names.length);
  flowsOf(before, inFlow);
  /** The end of the running step, computed when somebody first asks for something inside it. */
  let after: { moment: Moment; cell: number; flow: Totals } | undefined;
  let spare: Totals = new Float64Array(names.length);

  const endOfStep = () => {
    if (after) return after;
    const nextCell = lagged(cell, before.cellTarget, stepMs, cellLag);
    const moment = momentAt(before.at + stepMs, nextCell, inside());
    flowsOf(moment, spare);
    after = { moment, cell: nextCell, flow: spare };
    return after;
  };

  const gain = (place: number, flow: Totals, elapsed: number) =>
    (((inFlow[place] ?? 0) + (flow[place] ?? 0)) / 2) * (elapsed / hour);

  const enterDay = (at: number) => {
    const entered = localDay(at, plant.timeZone);
    if (entered.date.slice(0, 7) !== day.date.slice(0, 7)) monthStart = totals.slice();
    if (entered.date.slice(0, 4) !== day.date.slice(0, 4)) yearStart = totals.slice();
    dayStart = totals.slice();
    day = entered;
  };

  /** What begins to count elsewhere with this step. */
  const restart = (faults: Moment["faults"]) => {
    for (const { fault, effect, place } of faults) {
      if (effect.countersFrom === undefined) continue;
      if (before.faults.some((known) => known.place === place)) continue;
      for (const index of countersOf(names, plant, fault)) {
        totals[index] = effect.countersFrom;
        for (const start of [dayStart, monthStart, yearStart]) start[index] = effect.countersFrom;
      }
    }
  };

  const step = () => {
    const end = endOfStep();
    for (let i = 0; i < totals.length; i += 1) {
      totals[i] = (totals[i] ?? 0) + gain(i, end.flow, stepMs);
    }
    restart(end.moment.faults);
    spare = inFlow;
    inFlow = end.flow;
    before = end.moment;
    cell = end.cell;
    after = undefined;
    if (batteries.length > 0) {
      // What they may do next goes by what is in them now, as it would after a restart.
      before = momentAt(before.at, cell, inside());
      flowsOf(before, inFlow);
    }
    if (before.at >= day.end) enterDay(before.at);
  };

  const asRecord = (values: Totals) =>
    Object.fromEntries(names.map((name, i) => [name, values[i] ?? 0]));

  return {
    plant,

    at(instant) {
      while (before.at + stepMs <= instant) step();
      const elapsed = Math.max(0, instant - before.at);
      const cellNow = elapsed === 0 ? cell : lagged(cell, before.cellTarget, elapsed, cellLag);
      const moment = instant === before.at ? before : momentAt(instant, cellNow, inside());
      const shown = totals.slice();
      if (elapsed > 0) {
        const { flow } = endOfStep();
        for (let i = 0; i < shown.length; i += 1) {
          shown[i] = (shown[i] ?? 0) + gain(i, flow, elapsed);
        }
      }
      const starts = { day: dayStart, month: monthStart, year: yearStart };
      const shownOf = (values: Totals, name: string) => {
        const place = places.get(name);
        if (place === undefined) throw new Error(`plant ${plant.code} has no counter ${name}`);
        return values[place] ?? 0;
      };
      return {
        moment,
        cellTemperature: cellNow,
        counter: (name) => shownOf(shown, name),
        since: (period, name) => shownOf(shown, name) - shownOf(starts[period], name),
      };
    },

    state: () => ({
      origin: start.origin,
      at: before.at,
      cellTemperature: cell,
      counters: asRecord(totals),
      dayStart: asRecord(dayStart),
      monthStart: asRecord(monthStart),
      yearStart: asRecord(yearStart),
    }),
  };
}

/** The places of the counters of a fault's device. */
function countersOf(
  names: readonly string[],
  { devices }: SimulatedPlant,
  fault: Fault,
): readonly number[] {
  const tag = deviceOf(fault);
  const kind = devices.find((device) => device.tag === tag)?.kind;
  const owner = kind === "meter" ? "grid" : tag;
  return names.flatMap((name, index) => (name.startsWith(`${owner}/`) ? [index] : []));
}
