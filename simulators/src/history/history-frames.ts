import type { Lane, Layout, Quality, Value } from "@sunledger/model";
import { localDays } from "@sunledger/model/performance";
import { cataloguePoint } from "@sunledger/model/points";
import { type Device, devicesOf } from "../device/device.ts";
import { isSilent } from "../plant/active-faults.ts";
import { type PlantReading, type PlantState, plantModel, stepMs } from "../plant/plant-model.ts";
import { pointRows } from "../registers/register.ts";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import { isReplayed } from "../scenario/simulated-device.ts";
import type { UnsentFrame } from "../sender/frame-sender.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** How far back a history goes and how dense it is. */
export type HistorySpan = {
  readonly origin: number;
  /** Exclusive: the live plant takes over here. */
  readonly until: number;
  readonly days?: number;
};

/**
 * What the plant's gateway would have polled before `until`: the last day each minute, the days
 * before every five. The newest day comes first, so that a screen fills from its right; within a
 * day time goes forward.
 */
export function* historyFrames(
  seed: string,
  plant: SimulatedPlant,
  { origin, until, days = 30 }: HistorySpan,
): Generator<UnsentFrame> {
  const from = Math.max(until - days * day, origin);
  const dense = until - day;
  const states = statesAt(seed, plant, origin, partsOf(plant, from, until));
  for (const { start, end, state } of states.reverse()) {
    const model = plantModel(seed, plant, state);
    const devices = devicesOf(model).map(historyDevice);
    for (let at = nextMultiple(start, minute); at < end; at += minute) {
      if (at < from || (at < dense && at % (5 * minute) !== 0)) continue;
      const reading = model.at(at);
      for (const frames of devices) yield* frames(reading);
    }
  }
}

/** How many frames `historyFrames` will give. */
export function countPolls(plant: SimulatedPlant, span: HistorySpan): number {
  const from = Math.max(span.until - (span.days ?? 30) * day, span.origin);
  const dense = Math.max(from, span.until - day);
  const slots = (a: number, b: number, every: number) =>
    Math.max(0, Math.ceil(b / every) - Math.ceil(a / every));
  // A recording has no past beyond its own.
  const devices = plant.devices.filter((device) => !isReplayed(device));
  return devices.length * (slots(from, dense, 5 * minute) + slots(dense, span.until, minute));
}

type Part = { readonly start: number; readonly end: number };

/** The local days of the span, cut to it. */
function partsOf(plant: SimulatedPlant, from: number, until: number): Part[] {
  return localDays(from, until, plant.timeZone).map(({ start, end }) => ({
    start: Math.max(start, from),
    end: Math.min(end, until),
  }));
}

/** Where the plant's counters stand at the start of each part. */
function statesAt(seed: string, plant: SimulatedPlant, origin: number, parts: readonly Part[]) {
  const model = plantModel(seed, plant, { origin });
  return parts.map((part): Part & { state: PlantState } => {
    model.at(Math.max(origin, Math.floor(part.start / stepMs) * stepMs));
    return { ...part, state: model.state() };
  });
}

/** Turns readings of one device into frames, one a lane. */
function historyDevice(device: Device): (reading: PlantReading) => UnsentFrame[] {
  let layouts: readonly Layout[] | undefined;
  return (reading) => {
    if (isSilent(reading.moment, device.device.tag)) return [];
    const values = device.valuesAt(reading);
    layouts ??= layoutsOf(device, device.implemented(reading));
    return layouts.map((layout) => frameOf(device, layout, reading.moment.at, values));
  };
}

type Held = ReturnType<Device["valuesAt"]>;

/** Ratings, identity and set-points do not change by the minute. */
const isConstant = (point: string) => /^(id|rating|setpoint)\./.test(point);

function layoutsOf({ table }: Device, implemented: ReadonlySet<string>): Layout[] {
  const lanes: Record<Lane, string[]> = { counters: [], values: [] };
  for (const { point, type } of pointRows(table)) {
    if (type === "string" || isConstant(point)) continue;
    if (!implemented.has(point)) continue;
    const lane = cataloguePoint(point)?.kind === "counter" ? "counters" : "values";
    lanes[lane].push(point);
  }
  return (["counters", "values"] as const)
    .filter((lane) => lanes[lane].length > 0)
    .map((lane) => ({ lane, points: lanes[lane] }));
}

function frameOf({ device: { tag } }: Device, layout: Layout, at: number, held: Held): UnsentFrame {
  const quality: Record<number, "notImplemented"> = {};
  const values = layout.points.map((point, i): Value => {
    const value = held.get(point) ?? null;
    if (typeof value === "number") return value;
    quality[i] = "notImplemented";
    return null;
  });
  const isGood = Object.keys(quality).length === 0;
  return { device: tag, layout, at, values, ...(!isGood && { quality: quality as Quality }) };
}

function nextMultiple(at: number, every: number): number {
  return Math.ceil(at / every) * every;
}
