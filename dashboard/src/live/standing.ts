import {
  type Coverage,
  type Flag,
  type Freshness,
  freshestOf,
  togetherOf,
  type Value,
} from "@sunledger/model";
import { isCurrent, judge, judgeDevice } from "./freshness.ts";
import { confirmedAt, keyOf, type LivePoint, newestOfDevices, type RoomState } from "./room.ts";

/** What the freshness of a room's values is judged by. */
export type Moment = { readonly now: number; readonly lost: boolean };

/** A point's value and how fresh it is. */
export type Standing = {
  readonly value: Value;
  readonly unit: string;
  /** When it was last known to have this value. */
  readonly at: number | null;
  readonly everyMs: number;
  readonly flag: Flag | undefined;
  /** Of a plant's sum. */
  readonly coverage: Coverage | undefined;
  readonly state: Freshness;
};

export function standingOf(
  room: RoomState | undefined,
  device: string | null,
  point: string,
  moment: Moment,
): Standing | undefined {
  const found = room?.points.get(keyOf(device, point));
  return room && found ? standingOfPoint(room, found, moment) : undefined;
}

export function standingOfPoint(room: RoomState, point: LivePoint, moment: Moment): Standing {
  const { value, unit, everyMs, flag, coverage, device } = point;
  const at = confirmedAt(room, point);
  const reach = device === null ? undefined : room.reach.get(device);
  const state = judge({ at, everyMs, reach, ...moment });
  return { value, unit, at, everyMs, flag, coverage, state };
}

/**
 * Each device's freshness: its newest value against its shortest interval, for every poll reads at
 * least what is due most often. A slow counter does not keep a silent device alive.
 */
export function deviceStates(room: RoomState, moment: Moment): Map<string, Freshness> {
  const newest = new Map<string, { at: number | null; everyMs: number }>();
  for (const device of room.reach.keys())
    newest.set(device, { at: null, everyMs: Number.POSITIVE_INFINITY });
  for (const { device, at, everyMs } of room.points.values()) {
    if (device === null) continue;
    const before = newest.get(device);
    newest.set(device, {
      at: at === null ? (before?.at ?? null) : Math.max(at, before?.at ?? 0),
      everyMs: Math.min(everyMs, before?.everyMs ?? everyMs),
    });
  }
  return new Map(
    [...newest].map(([device, { at, everyMs }]) => [
      device,
      judgeDevice({ at, everyMs, reach: room.reach.get(device), ...moment }),
    ]),
  );
}

/** The freshness of a whole plant: that of its devices together. */
export function plantState(room: RoomState, moment: Moment): Freshness {
  return togetherOf(deviceStates(room, moment).values());
}

/** How new what is followed is: the time of the newest value, and the freshness of the freshest device. */
export type Newest = { readonly at: number | null; readonly state: Freshness };

export function newestOf(rooms: Iterable<RoomState>, moment: Moment): Newest {
  let newest: Newest = { at: null, state: "never" };
  for (const room of rooms) {
    const at = newestOfDevices(room);
    newest = {
      at: at === null ? newest.at : Math.max(at, newest.at ?? 0),
      state: freshestOf([newest.state, plantState(room, moment)]),
    };
  }
  return newest;
}

/** How many of the devices report. */
export function reporting(states: Iterable<Freshness>): number {
  let count = 0;
  for (const state of states) if (isCurrent(state)) count += 1;
  return count;
}
