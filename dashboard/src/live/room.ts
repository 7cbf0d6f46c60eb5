import {
  type Coverage,
  type Flag,
  type LiveJoined,
  type LiveReach,
  type LiveUpdate,
  lateIntervals,
  type Value,
} from "@sunledger/model";

/** One point of a room as it stands. `device` is null for the plant's own sum. */
export type LivePoint = {
  readonly device: string | null;
  readonly point: string;
  readonly unit: string;
  readonly everyMs: number;
  readonly value: Value;
  /** The value's time, Unix milliseconds; null when it was never seen. */
  readonly at: number | null;
  readonly flag: Flag | undefined;
  /** Of a plant's sum, as new as its value. */
  readonly coverage: Coverage | undefined;
};

/** What a room says: its points by `keyOf`, and whether each device can be reached. */
export type RoomState = {
  readonly points: Map<string, LivePoint>;
  readonly reach: Map<string, LiveReach>;
  /** The keys by the number that messages name them by. */
  readonly byNumber: ReadonlyMap<number, string>;
  /**
   * The newest time of each device and poll class. Points of one class are read in one poll, and
   * only changes are sent: one changed value confirms the others at its time.
   */
  readonly polled: Map<string, number>;
};

export function keyOf(device: string | null, point: string): string {
  return `${device ?? ""}/${point}`;
}

export function roomOf(joined: LiveJoined): RoomState {
  const points = new Map<string, LivePoint>();
  const byNumber = new Map<number, string>();
  for (const [number, device, point, unit, everyMs] of joined.table) {
    const key = keyOf(device, point);
    byNumber.set(number, key);
    const unseen = { value: null, at: null, flag: undefined, coverage: undefined };
    points.set(key, { device, point, unit, everyMs, ...unseen });
  }
  const room: RoomState = {
    points,
    byNumber,
    reach: new Map(Object.entries(joined.devices)),
    polled: new Map(),
  };
  for (const [number, value, at, flag] of joined.snapshot) {
    put(room, number, { value, at, flag, coverage: joined.coverage[number] });
  }
  return room;
}

/** Takes a message's changed values; answers the keys that it changed. */
export function update(room: RoomState, [, at, pairs, flags, coverages]: LiveUpdate): string[] {
  const changed: string[] = [];
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const number = Number(pairs[index]);
    const value = pairs[index + 1] ?? null;
    const told = { value, at, flag: flags?.[number], coverage: coverages?.[number] };
    const key = put(room, number, told);
    if (key !== undefined) changed.push(key);
  }
  return changed;
}

/**
 * When the point was last known to have this value: its own time or that of its poll class. What was not
 * told for so long that it is stale by itself is delivered no more, whatever else the device still says:
 * a server tells unchanged values again after an interval.
 */
export function confirmedAt(room: RoomState, point: LivePoint): number | null {
  const { at, everyMs } = point;
  if (at === null) return null;
  const polled = room.polled.get(classOf(point)) ?? 0;
  return polled - at > lateIntervals * everyMs ? at : Math.max(at, polled);
}

/** The time of its devices' newest value; a sum goes on without them and does not count. */
export function newestOfDevices(room: RoomState): number | null {
  let newest: number | null = null;
  for (const [polledClass, at] of room.polled) {
    if (!polledClass.startsWith(sums)) newest = Math.max(at, newest ?? 0);
  }
  return newest;
}

type Told = Pick<LivePoint, "value" | "flag" | "coverage"> & { readonly at: number };

function put(room: RoomState, number: number, told: Told): string | undefined {
  const { at } = told;
  const key = room.byNumber.get(number);
  const before = key === undefined ? undefined : room.points.get(key);
  if (key === undefined || !before) return undefined;
  // What comes late, after a reconnection, never replaces what is newer.
  if (before.at !== null && at < before.at) return undefined;
  room.points.set(key, { ...before, ...told });
  const polledClass = classOf(before);
  room.polled.set(polledClass, Math.max(at, room.polled.get(polledClass) ?? 0));
  return key;
}

/** What the classes of a plant's own sums begin with: no device stands before it. */
const sums = "/";

function classOf({ device, everyMs, point }: LivePoint): string {
  return device === null ? `${sums}${point}` : `${device}/${everyMs}`;
}
