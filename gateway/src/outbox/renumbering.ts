import type { DatabaseSync } from "node:sqlite";
import { type GivenUp, type Lane, noRanges, type Range, rangesOf, without } from "@sunledger/model";
import { writeGap } from "./gaps.ts";
import { type LaneState, waiting } from "./lane-state.ts";

/** Gives what is unsettled new numbers in another epoch; what is stored stays behind as the ring. */
export function moveToNewEpoch(
  db: DatabaseSync,
  from: number,
  to: number,
  lane: Lane,
  state: LaneState,
): LaneState {
  let last = 0;
  for (const numbers of waiting(state)) last += moveFrames(db, { from, to, lane, numbers }, last);
  db.prepare("DELETE FROM gaps WHERE epoch = ? AND lane = ?").run(from, lane);
  const gaps = openParts(state).map((gap) => {
    const first = last + 1;
    last += gap.to - gap.from + 1;
    return writeGap(db, to, lane, { ...gap, from: first, to: last });
  });
  const { store } = state;
  return { last, settled: noRanges, gaps, ...(store !== undefined && { store }) };
}

/**
 * Brings a lane to what a restored store has. Frames still here are waiting again; for the others
 * there are gap records. Those of earlier epochs follow under new numbers of this one: what the
 * store has of them it knows by device, point and time (D-5).
 */
export function rewindLane(
  db: DatabaseSync,
  epoch: number,
  lane: Lane,
  state: LaneState,
  now: number,
): LaneState {
  const missing = without(waiting(state), heldNumbers(db, epoch, lane));
  const gaps = missing.map(([from, to]) => {
    const times = timesOf(db, epoch, lane, [from, to], now);
    return writeGap(db, epoch, lane, { from, to, ...times, reason: "ringExhausted" });
  });
  let { last } = state;
  const earlier = db
    .prepare("SELECT DISTINCT epoch FROM frames WHERE epoch < ? AND lane = ? ORDER BY epoch")
    .all(epoch, lane);
  for (const row of earlier) {
    const numbers: Range = [1, Number.MAX_SAFE_INTEGER];
    last += moveFrames(db, { from: Number(row.epoch), to: epoch, lane, numbers }, last);
  }
  return { ...state, last, gaps: [...state.gaps, ...gaps] };
}

type Move = {
  readonly from: number;
  readonly to: number;
  readonly lane: Lane;
  readonly numbers: Range;
};

/** Moves frames behind `last` of another epoch; answers how many they were. */
function moveFrames(db: DatabaseSync, { from, to, lane, numbers }: Move, last: number): number {
  const { changes } = db
    .prepare(
      `INSERT INTO frames
        SELECT ?, lane, ? + row_number() OVER (ORDER BY sequence), at, layout, row FROM frames
         WHERE epoch = ? AND lane = ? AND sequence BETWEEN ? AND ?`,
    )
    .run(to, last, from, lane, ...numbers);
  db.prepare("DELETE FROM frames WHERE epoch = ? AND lane = ? AND sequence BETWEEN ? AND ?").run(
    from,
    lane,
    ...numbers,
  );
  return Number(changes);
}

/** Gaps that the store does not know yet. */
function openParts({ gaps, settled }: LaneState): GivenUp[] {
  return gaps.flatMap((gap) =>
    without([[gap.from, gap.to]], settled).map(([from, to]) => ({ ...gap, from, to })),
  );
}

function heldNumbers(db: DatabaseSync, epoch: number, lane: Lane) {
  const rows = db
    .prepare("SELECT sequence FROM frames WHERE epoch = ? AND lane = ? ORDER BY sequence")
    .iterate(epoch, lane);
  const runs: [number, number][] = [];
  for (const { sequence } of rows) {
    const number = Number(sequence);
    const run = runs.at(-1);
    if (run && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return rangesOf(runs);
}

/** Between which times frames were taken that are here no more: as narrow as the marks allow. */
function timesOf(db: DatabaseSync, epoch: number, lane: Lane, [from, to]: Range, now: number) {
  const at = (sql: string, ...args: (string | number)[]) => {
    const row = db.prepare(sql).get(...args);
    return row && Number(row.at);
  };
  const marks = "SELECT at FROM marks WHERE epoch = ? AND lane = ? AND";
  return {
    fromAt:
      at(`${marks} sequence <= ? ORDER BY sequence DESC LIMIT 1`, epoch, lane, from) ??
      at("SELECT made AS at FROM epochs WHERE number = ?", epoch) ??
      now,
    toAt:
      at(`${marks} sequence >= ? ORDER BY sequence LIMIT 1`, epoch, lane, to) ??
      at(
        `SELECT at FROM frames WHERE epoch = ? AND lane = ? AND sequence > ?
          ORDER BY sequence LIMIT 1`,
        epoch,
        lane,
        to,
      ) ??
      now,
  };
}
