import { type LocalDay, lagged, localDay } from "@sunledger/model/performance";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import { batteriesOf, storedAfter } from "./battery.ts";
import { type Demand, demandAfter, demandStepMs, noDemand } from "./demand.ts";
import { counterNames, firstCounters, flowsOf, limitCounter } from "./flows.ts";
import { limitBook, type WrittenLimit } from "./limit-book.ts";
import { type Moment, plantMoments } from "./moment.ts";
import { ownCountersOf, ownFlowsOf, ownName, restartsOf } from "./own-counters.ts";

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
  /** Absent where it was kept before there was one. */
  readonly demand?: MeterDemand | undefined;
  /** That of meters with counters of their own. */
  readonly ownDemands?: Readonly<Record<string, MeterDemand>> | undefined;
};

/** What a meter at the grid connection shows of the demand in each direction. */
export type MeterDemand = { readonly import: Demand; readonly export: Demand };

/** A plant at an instant with what its counters have come to, watt-hours, before any rounding. */
export type PlantReading = {
  readonly moment: Moment;
  readonly cellTemperature: number;
  /** Of `counterNames` what is true, of `shownBy` what a device makes of it. */
  counter(name: string): number;
  /** What the counter has gained since the local day, month or year began. */
  since(period: "day" | "month" | "year", name: string): number;
  /** The name of the counter that stands in a device's registers; without a tag that of a meter that is sound. */
  shownBy(tag: string | undefined, name: string): string;
  demandAt(tag?: string): MeterDemand;
};

export type PlantModel = {
  readonly plant: SimulatedPlant;
  /**
   * The plant at an instant. Instants are asked for in order: an earlier one than before gets the
   * counters of the latest step, because a counter never falls back.
   */
  at(instant: number): PlantReading;
  /**
   * Holds an inverter to a share of its rating from an instant on, 1 to none, as somebody has written it to the
   * device; `until`: the limit lapses then, if nobody writes it again. It lasts as long as the model at most: its
   * state knows none.
   */
  limit(device: string, share: number, instant: number, until?: number): void;
  /** The limits that were written, and what they have cost by an instant; those that are over until they are forgotten. */
  limitsAt(instant: number): readonly WrittenLimit[];
  /** Forgets those of what `limitsAt` gave that are over: whoever keeps a model running has written them down. */
  forgetLimits(told: readonly WrittenLimit[]): void;
  state(): PlantState;
};

const noMeterDemand: MeterDemand = { import: noDemand, export: noDemand };

type Totals = Float64Array;

/** A plant whose values follow from seed, origin, time and what is written to its inverters alone. */
export function plantModel(
  seed: string,
  plant: SimulatedPlant,
  start: { readonly origin: number } | PlantState,
): PlantModel {
  const momentAt = plantMoments(seed, plant);
  const own = ownCountersOf(plant);
  const restarts = restartsOf(plant);
  const names = [...counterNames(plant), ...own.map(({ name }) => name)];
  const trueNames = new Map(own.map(({ name, trueName }) => [name, trueName]));
  const places = new Map(names.map((name, place) => [name, place]));
  const kept = "at" in start ? start : undefined;
  const firstTrue = firstCounters(seed, plant, start.origin);
  const first = [...firstTrue, ...own.map(({ place }) => firstTrue[place] ?? 0)];
  const restored = (
    values: Readonly<Record<string, number>> | undefined,
    other: ArrayLike<number>,
  ) =>
    // A device that had no counters of its own when they were kept showed the true ones.
    Float64Array.from(
      names,
      (name, i) => values?.[name] ?? values?.[trueNames.get(name) ?? name] ?? other[i] ?? 0,
    );

  const totals: Totals = restored(kept?.counters, first);
  let dayStart = restored(kept?.dayStart, totals);
  let monthStart = restored(kept?.monthStart, totals);
  let yearStart = restored(kept?.yearStart, totals);
  let demand: MeterDemand = kept?.demand ?? noMeterDemand;
  const ownDemands = new Map(
    own
      .filter(({ name, tag }) => name === ownName(tag, "import"))
      .map(({ tag }) => [tag, kept?.ownDemands?.[tag] ?? demand]),
  );
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
  const flowsInto = (moment: Moment, flows: Totals) => {
    flowsOf(moment, flows);
    ownFlowsOf(own, moment, flows);
  };
  let inFlow: Totals = new Float64Array(names.length);
  flowsInto(before, inFlow);
  const book = limitBook();
  /** Since when the plant is as `inFlow` has it: a limit that is written changes it within a step. */
  let flowFrom = before.at;
  /** What the running step has brought before that. */
  const ahead: Totals = new Float64Array(names.length);
  /** The last reading: all devices of a plant ask for the same instant. */
  let last: { readonly instant: number; readonly reading: PlantReading } | undefined;
  /** The end of the running step, computed when somebody first asks for something inside it. */
  let after: { moment: Moment; cell: number; flow: Totals } | undefined;
  let spare: Totals = new Float64Array(names.length);

  const endOfStep = () => {
    if (after) return after;
    const nextCell = lagged(cell, before.cellTarget, stepMs, cellLag);
    const moment = momentAt(before.at + stepMs, nextCell, inside(), book.now());
    flowsInto(moment, spare);
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

  const countFrom = (device: string | undefined, wattHours: number) => {
    for (const { name, tag } of own) {
      const place = places.get(name);
      if (tag !== device || place === undefined) continue;
      for (const counters of [totals, dayStart, monthStart, yearStart]) counters[place] = wattHours;
    }
    // Another meter, or one without a memory.
    if (device !== undefined && ownDemands.has(device)) ownDemands.set(device, noMeterDemand);
  };

  /** What begins to count elsewhere by the end of a step. */
  const restart = (after: number, until: number) => {
    for (const { at, tag, wattHours } of restarts) {
      if (at > after && at <= until) countFrom(tag, wattHours);
    }
  };
  if (!kept) restart(Number.NEGATIVE_INFINITY, firstStep);

  const shownBy = (tag: string | undefined, name: string) =>
    [ownName(tag ?? "", name), `${tag}/${name}`].find((one) => places.has(one)) ?? `grid/${name}`;

  /** What the meters make of a step that has ended. */
  const keepDemand = () => {
    const after = (known: MeterDemand, tag?: string): MeterDemand => {
      const countOf = (name: string) => totals[places.get(shownBy(tag, name)) ?? 0] ?? 0;
      return {
        import: demandAfter(known.import, countOf("import")),
        export: demandAfter(known.export, countOf("export")),
      };
    };
    demand = after(demand);
    for (const [tag, known] of ownDemands) ownDemands.set(tag, after(known, tag));
  };

  const step = () => {
    const end = endOfStep();
    for (let i = 0; i < totals.length; i += 1) {
      totals[i] = (totals[i] ?? 0) + (ahead[i] ?? 0) + gain(i, end.flow, end.moment.at - flowFrom);
    }
    ahead.fill(0);
    flowFrom = end.moment.at;
    restart(before.at, end.moment.at);
    spare = inFlow;
    inFlow = end.flow;
    before = end.moment;
    cell = end.cell;
    after = undefined;
    last = undefined;
    if (batteries.length > 0) {
      // What they may do next goes by what is in them now, as it would after a restart.
      before = momentAt(before.at, cell, inside(), book.now());
      flowsInto(before, inFlow);
    }
    if (before.at % demandStepMs === 0) keepDemand();
    if (before.at >= day.end) enterDay(before.at);
  };

  const asRecord = (values: Totals) =>
    Object.fromEntries(names.map((name, i) => [name, values[i] ?? 0]));

  const cellAt = (elapsed: number) =>
    elapsed === 0 ? cell : lagged(cell, before.cellTarget, elapsed, cellLag);

  const readingAt = (instant: number): PlantReading => {
    const elapsed = Math.max(0, instant - before.at);
    const cellNow = cellAt(elapsed);
    const moment =
      instant === before.at ? before : momentAt(instant, cellNow, inside(), book.now());
    const shown = totals.slice();
    if (elapsed > 0) {
      const { flow } = endOfStep();
      const flowing = Math.max(0, instant - flowFrom);
      for (let i = 0; i < shown.length; i += 1) {
        shown[i] = (shown[i] ?? 0) + (ahead[i] ?? 0) + gain(i, flow, flowing);
      }
    }
    const starts = { day: dayStart, month: monthStart, year: yearStart };
    const [sound, demands] = [demand, new Map(ownDemands)];
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
      shownBy,
      demandAt: (tag) => demands.get(tag ?? "") ?? sound,
    };
  };

  const comeTo = (instant: number): PlantReading => {
    while (before.at + stepMs <= instant) step();
    last = last?.instant === instant ? last : { instant, reading: readingAt(instant) };
    return last.reading;
  };

  const hold = (device: string, share: number, instant: number, until?: number) => {
    if (share === (book.now().get(device) ?? 1)) return book.prolong(device, until);
    const lost = comeTo(instant).counter(limitCounter(device));
    book.write(device, share, Math.max(instant, flowFrom), lost, until);
    if (instant > flowFrom) {
      const { flow } = endOfStep();
      for (let i = 0; i < ahead.length; i += 1) {
        ahead[i] = (ahead[i] ?? 0) + gain(i, flow, instant - flowFrom);
      }
      flowFrom = instant;
    }
    before = momentAt(before.at, cell, inside(), book.now());
    flowsInto(momentAt(flowFrom, cellAt(flowFrom - before.at), inside(), book.now()), inFlow);
    after = undefined;
    last = undefined;
  };

  const at = (instant: number): PlantReading => {
    for (let due = book.lapsed(instant); due; due = book.lapsed(instant)) {
      hold(due.device, 1, due.until);
    }
    return comeTo(instant);
  };

  return {
    plant,
    at,

    limit(device, share, instant, until) {
      at(instant);
      hold(device, share, instant, until);
    },

    limitsAt(instant) {
      const { counter } = at(instant);
      return book.written((device) => counter(limitCounter(device)));
    },
    forgetLimits: book.forget,

    state: () => ({
      origin: start.origin,
      at: before.at,
      cellTemperature: cell,
      counters: asRecord(totals),
      dayStart: asRecord(dayStart),
      monthStart: asRecord(monthStart),
      yearStart: asRecord(yearStart),
      demand,
      ...(ownDemands.size > 0 && { ownDemands: Object.fromEntries(ownDemands) }),
    }),
  };
}
