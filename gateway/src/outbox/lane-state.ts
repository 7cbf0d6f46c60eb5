import type { DatabaseSync } from "node:sqlite";
import type { GivenUp, Lane } from "@sunledger/model";
import {
  noRanges,
  type Range,
  type Ranges,
  rangesOf,
  sizeOf,
  without,
} from "@sunledger/model/ranges";
import { prepared } from "./prepared.ts";

/** What is known of one lane of the present epoch. */
export type LaneState = {
  /** The highest number given; from 1 on, without holes. */
  readonly last: number;
  /** What the store has, as far as it has said so. */
  readonly settled: Ranges;
  /** The incarnation of the store that said so. */
  readonly store?: string;
  /** Every span of this epoch that was given up, settled or not: disjoint. */
  readonly gaps: readonly GivenUp[];
};

export const lanes: readonly Lane[] = ["counters", "values"];

export function lanesOf<T>(one: (lane: Lane) => T): Record<Lane, T> {
  return { counters: one("counters"), values: one("values") };
}

export const emptyLane: LaneState = { last: 0, settled: noRanges, gaps: [] };

/** Numbers whose frames were given up. */
export function gone({ gaps }: LaneState): Ranges {
  return rangesOf(gaps.map(({ from, to }): Range => [from, to]));
}

/** Numbers that still have to be stored. */
export function waiting(state: LaneState): Ranges {
  const all: Ranges = state.last > 0 ? [[1, state.last]] : noRanges;
  return without(without(all, state.settled), gone(state));
}

export type LaneCounts = {
  readonly produced: number;
  readonly acknowledged: number;
  readonly givenUp: number;
  readonly waiting: number;
};

/** What the gateway's status says of a lane (D-13): `produced` is the sum of the other three. */
export function countsOf(state: LaneState): LaneCounts {
  const givenUp = sizeOf(gone(state));
  const open = sizeOf(waiting(state));
  return {
    produced: state.last,
    acknowledged: state.last - givenUp - open,
    givenUp,
    waiting: open,
  };
}

export function readLane(db: DatabaseSync, epoch: number, lane: Lane): LaneState {
  const row = db.prepare("SELECT * FROM lanes WHERE epoch = ? AND lane = ?").get(epoch, lane);
  if (!row) return emptyLane;
  return {
    last: Number(row.last),
    settled: JSON.parse(String(row.settled)),
    ...(row.store !== null && { store: String(row.store) }),
    gaps: readGaps(db, epoch, lane),
  };
}

/** The gaps of a lane have rows of their own: `writeGap`. */
export function writeLane(
  db: DatabaseSync,
  epoch: number,
  lane: Lane,
  { last, settled, store }: LaneState,
): void {
  prepared(db, "INSERT OR REPLACE INTO lanes VALUES (?, ?, ?, ?, ?)").run(
    epoch,
    lane,
    last,
    JSON.stringify(settled),
    store ?? null,
  );
}

function readGaps(db: DatabaseSync, epoch: number, lane: Lane): GivenUp[] {
  const rows = db
    .prepare("SELECT * FROM gaps WHERE epoch = ? AND lane = ? ORDER BY first")
    .all(epoch, lane);
  return rows.map((row) => ({
    from: Number(row.first),
    to: Number(row.last),
    fromAt: Number(row.from_at),
    toAt: Number(row.to_at),
    reason: row.reason as GivenUp["reason"],
  }));
}
