import type { DatabaseSync } from "node:sqlite";
import type { GivenUp, Lane } from "@sunledger/model";
import {
  common,
  noRanges,
  type Range,
  type Ranges,
  rangesOf,
  without,
} from "@sunledger/model/ranges";
import { writeGap } from "./gaps.ts";
import { gone, type LaneState, readLane, waiting } from "./lane-state.ts";

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
  for (const gap of partsOf(state.gaps, state.settled)) writeGap(db, from, lane, gap);
  const gaps = partsOf(state.gaps, without([[1, state.last]], state.settled)).map((gap) => {
    const first = last + 1;
    last += gap.to - gap.from + 1;
    return writeGap(db, to, lane, { ...gap, from: first, to: last });
  });
  const { store } = state;
  return { last, settled: noRanges, gaps, ...(store !== undefined && { store }) };
}

/**
 * Brings a lane to what a restored store has. Frames still here are waiting again; for the others
 * there are gap records.
 */
export function rewindLane(
  db: DatabaseSync,
  epoch: number,
  lane: Lane,
  state: LaneState,
  now: number,
): LaneState {
  const missing = without(waiting(state), heldNumbers(db, epoch, lane));
  const gaps = missing.map((span) =>
    writeGap(db, epoch, lane, ringGap(span, timesOf(db, epoch, lane, span, now))),
  );
  return withEarlierEpochs(db, epoch, lane, { ...state, gaps: [...state.gaps, ...gaps] }, now);
}

/**
 * Gives what earlier epochs had stored new numbers in this one, and gap records for what the ring
 * has dropped of it. How much of that the restored store has is not known: its ack speaks of this
 * epoch alone. Frames it has it knows by device, point and time (D-5); a gap says between which times
 * frames may be lost.
 */
function withEarlierEpochs(
  db: DatabaseSync,
  epoch: number,
  lane: Lane,
  state: LaneState,
  now: number,
): LaneState {
  let { last } = state;
  const gaps: GivenUp[] = [];
  const earlier = db
    .prepare("SELECT DISTINCT epoch FROM lanes WHERE epoch < ? AND lane = ? ORDER BY epoch")
    .all(epoch, lane);
  for (const row of earlier) {
    const from = Number(row.epoch);
    for (const gap of lostOf(db, from, lane, now)) {
      const first = last + 1;
      last += gap.to - gap.from + 1;
      gaps.push(writeGap(db, epoch, lane, { ...gap, from: first, to: last }));
    }
    const numbers: Range = [1, Number.MAX_SAFE_INTEGER];
    last += moveFrames(db, { from, to: epoch, lane, numbers }, last);
    // All of it is this epoch's now: another restore must not bring it again.
    for (const table of ["lanes", "gaps"]) {
      db.prepare(`DELETE FROM ${table} WHERE epoch = ? AND lane = ?`).run(from, lane);
    }
  }
  return { ...state, last, gaps: [...state.gaps, ...gaps] };
}

/** What was settled in an epoch and is here no more: what was given up then, and what the ring dropped. */
function lostOf(db: DatabaseSync, epoch: number, lane: Lane, now: number): GivenUp[] {
  const state = readLane(db, epoch, lane);
  const dropped = without(without(state.settled, heldNumbers(db, epoch, lane)), gone(state));
  return [
    ...state.gaps,
    ...dropped.map((span) => ringGap(span, timesOf(db, epoch, lane, span, now))),
  ];
}

function ringGap([from, to]: Range, times: Pick<GivenUp, "fromAt" | "toAt">): GivenUp {
  return { from, to, ...times, reason: "ringExhausted" };
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

/** What of the gaps lies within the numbers. */
function partsOf(gaps: readonly GivenUp[], numbers: Ranges): GivenUp[] {
  return gaps.flatMap((gap) =>
    common([[gap.from, gap.to]], numbers).map(([from, to]) => ({ ...gap, from, to })),
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
      // Of an earlier epoch all frames were taken before the next one began.
      at("SELECT made AS at FROM epochs WHERE number > ? ORDER BY number LIMIT 1", epoch) ??
      now,
  };
}
