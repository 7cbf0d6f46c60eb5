import type { DatabaseSync } from "node:sqlite";
import type { GivenUp, Lane } from "@sunledger/model";
import { lowestOf, type Ranges } from "@sunledger/model/ranges";
import { writeGap } from "./gaps.ts";
import { type LaneState, lanes, waiting } from "./lane-state.ts";
import { prepared } from "./prepared.ts";
import { freeBytes } from "./reserve.ts";

/** How much may be kept. */
export type Room = {
  /** The file's content; its journal comes on top. */
  readonly mostBytes: number;
  /** Stored frames older than this are dropped. */
  readonly ringMs: number;
  /** The part of `mostBytes` that stored frames may take. */
  readonly ringShare: number;
};

type States = Readonly<Record<Lane, LaneState>>;

/** The content of the file in bytes. */
export function usedBytes(db: DatabaseSync): number {
  const free = pragma(db, "freelist_count");
  return (pragma(db, "page_count") - free) * pragma(db, "page_size");
}

/** How large the file gets until its disk is full, bytes; without end where the disk does not tell. */
export function reachableBytes(db: DatabaseSync, path: string): number {
  try {
    return pragma(db, "page_count") * pragma(db, "page_size") + freeBytes(path);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(prepared(db, `PRAGMA ${name}`).get()?.[name]);
}

/**
 * Keeps the file within its limit (D-9): what is stored goes first, then the oldest of lane
 * `values`, and counters only when nothing else is left. What goes unstored leaves a gap record.
 */
export function makeRoom(db: DatabaseSync, epoch: number, states: States, room: Room): States {
  let left = states;
  while (usedBytes(db) > room.mostBytes) {
    const next = giveUpSome(db, epoch, left, room);
    if (!next) return left;
    left = next;
  }
  return left;
}

/** Makes some room, whatever the limit; `undefined` when there is nothing to give up. */
export function giveUpSome(
  db: DatabaseSync,
  epoch: number,
  states: States,
  room: Room,
): States | undefined {
  const count = chunkOf(room);
  if (dropStored(db, epoch, states, count)) return states;
  const lane = (["values", "counters"] as const).find((lane) => waiting(states[lane]).length > 0);
  return lane && { ...states, [lane]: giveUp(db, epoch, lane, states[lane], count) };
}

/** Drops stored frames that are too old, and the oldest of them when there are too many (D-1). */
export function trimRing(
  db: DatabaseSync,
  epoch: number,
  states: States,
  room: Room,
  now: number,
): void {
  const { rows, open } = tally(db, states);
  if (rows === 0) return;
  const rowBytes = usedBytes(db) / rows;
  let excess = Math.ceil(rows - open - (room.ringShare * room.mostBytes) / rowBytes);
  for (;;) {
    const oldest = oldestStored(db, epoch, states);
    if (!oldest || (excess <= 0 && oldest.at >= now - room.ringMs)) return;
    excess -= drop(db, oldest, excess > 0 ? Math.min(excess, chunkOf(room)) : chunkOf(room));
  }
}

function tally(db: DatabaseSync, states: States): { rows: number; open: number } {
  const rows = Number(db.prepare("SELECT count(*) AS rows FROM frames").get()?.rows);
  const open = lanes
    .flatMap((lane) => waiting(states[lane]))
    .reduce((n, [a, b]) => n + b - a + 1, 0);
  return { rows, open };
}

/** About a hundredth of the whole: few gap records, and little lost at a time. */
function chunkOf({ mostBytes }: Room): number {
  return Math.max(10, Math.floor(mostBytes / 100 / 400));
}

type Stored = {
  readonly epoch: number;
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
  readonly at: number;
};

function dropStored(db: DatabaseSync, epoch: number, states: States, count: number): boolean {
  const oldest = oldestStored(db, epoch, states);
  if (oldest) drop(db, oldest, count);
  return oldest !== undefined;
}

function drop(db: DatabaseSync, { epoch, lane, from, to, at }: Stored, count: number): number {
  const upTo = Math.min(to, from + count - 1);
  const { changes } = db
    .prepare("DELETE FROM frames WHERE epoch = ? AND lane = ? AND sequence BETWEEN ? AND ?")
    .run(epoch, lane, from, upTo);
  markDropped(db, epoch, lane, from, at);
  return Number(changes);
}

const markEveryMs = 3_600_000;

function markDropped(db: DatabaseSync, epoch: number, lane: Lane, sequence: number, at: number) {
  const before = db
    .prepare(
      `SELECT at FROM marks WHERE epoch = ? AND lane = ? AND sequence <= ?
        ORDER BY sequence DESC LIMIT 1`,
    )
    .get(epoch, lane, sequence);
  if (before && at < Number(before.at) + markEveryMs) return;
  db.prepare("INSERT OR IGNORE INTO marks VALUES (?, ?, ?, ?)").run(epoch, lane, sequence, at);
}

/** The oldest frames that are stored and still here: those of earlier epochs, then by time. */
function oldestStored(db: DatabaseSync, epoch: number, states: States): Stored | undefined {
  const earlier = db
    .prepare("SELECT epoch, lane, sequence, at FROM frames WHERE epoch < ? LIMIT 1")
    .get(epoch);
  if (earlier) {
    const from = Number(earlier.sequence);
    const to = Number.MAX_SAFE_INTEGER;
    const lane = earlier.lane as Lane;
    return { epoch: Number(earlier.epoch), lane, from, to, at: Number(earlier.at) };
  }
  const found = lanes.flatMap((lane) => firstStored(db, epoch, lane, states[lane].settled) ?? []);
  return found.sort((a, b) => a.at - b.at)[0];
}

function firstStored(
  db: DatabaseSync,
  epoch: number,
  lane: Lane,
  settled: Ranges,
): Stored | undefined {
  const first = db.prepare(
    `SELECT sequence, at FROM frames
      WHERE epoch = ? AND lane = ? AND sequence BETWEEN ? AND ? ORDER BY sequence LIMIT 1`,
  );
  for (const [from, to] of settled) {
    const row = first.get(epoch, lane, from, to);
    if (row) return { epoch, lane, from: Number(row.sequence), to, at: Number(row.at) };
  }
  return undefined;
}

function giveUp(
  db: DatabaseSync,
  epoch: number,
  lane: Lane,
  state: LaneState,
  count: number,
): LaneState {
  const times = db.prepare(
    `SELECT min(at) AS first, max(at) AS last FROM frames
      WHERE epoch = ? AND lane = ? AND sequence BETWEEN ? AND ?`,
  );
  const remove = db.prepare(
    "DELETE FROM frames WHERE epoch = ? AND lane = ? AND sequence BETWEEN ? AND ?",
  );
  const gaps = lowestOf(waiting(state), count).map(([from, to]): GivenUp => {
    const { first, last } = times.get(epoch, lane, from, to) ?? {};
    remove.run(epoch, lane, from, to);
    markDropped(db, epoch, lane, from, Number(first));
    const span = { from, to, fromAt: Number(first), toAt: Number(last) };
    return writeGap(db, epoch, lane, { ...span, reason: "outboxFull" });
  });
  return { ...state, gaps: [...state.gaps, ...gaps] };
}
