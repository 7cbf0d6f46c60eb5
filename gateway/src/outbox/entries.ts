import type { DatabaseSync } from "node:sqlite";
import type { GivenUp, Lane, Layout } from "@sunledger/model";
import { writeGap } from "./gaps.ts";
import { type LaneState, lanesOf } from "./lane-state.ts";
import { prepared } from "./prepared.ts";

/** A frame to be kept, or frames that could not be: each gets its number when it is written. */
export type Entry =
  | {
      readonly lane: Lane;
      readonly at: number;
      /** The hash of its layout. */
      readonly layout: string;
      /** `[device, clock, values, quality?]` as JSON. */
      readonly row: string;
    }
  | { readonly lane: Lane; readonly lost: Lost };

/** Frames given up in memory. */
export type Lost = { readonly count: number; readonly fromAt: number; readonly toAt: number };

/** Writes entries under the next numbers of their lanes and answers the lanes as they are then. */
export function writeEntries(
  db: DatabaseSync,
  epoch: number,
  states: Readonly<Record<Lane, LaneState>>,
  entries: readonly Entry[],
): Record<Lane, LaneState> {
  const insert = prepared(
    db,
    "INSERT INTO frames VALUES (?, ?, ?, ?, (SELECT number FROM layouts WHERE hash = ?), ?)",
  );
  const last = lanesOf((lane) => states[lane].last);
  const gaps = lanesOf((): GivenUp[] => []);
  for (const entry of entries) {
    const { lane } = entry;
    const from = last[lane] + 1;
    if ("lost" in entry) {
      const { count, fromAt, toAt } = entry.lost;
      last[lane] += count;
      const gap: GivenUp = { from, to: last[lane], fromAt, toAt, reason: "outboxFull" };
      gaps[lane].push(writeGap(db, epoch, lane, gap));
    } else {
      last[lane] = from;
      insert.run(epoch, lane, from, entry.at, entry.layout, entry.row);
    }
  }
  return lanesOf((lane) => ({
    ...states[lane],
    last: last[lane],
    gaps: gaps[lane].length > 0 ? [...states[lane].gaps, ...gaps[lane]] : states[lane].gaps,
  }));
}

export function writeLayouts(
  db: DatabaseSync,
  layouts: readonly (readonly [hash: string, layout: Layout])[],
): void {
  const insert = prepared(db, "INSERT OR IGNORE INTO layouts (hash, content) VALUES (?, ?)");
  for (const [hash, layout] of layouts) insert.run(hash, JSON.stringify(layout));
}
