import type { DatabaseSync } from "node:sqlite";
import type { GivenUp, Lane } from "@sunledger/model";
import { earliestInstant, latestInstant } from "@sunledger/model/instants";

/** Writes a gap record; its times are brought into what a message may carry. */
export function writeGap(db: DatabaseSync, epoch: number, lane: Lane, gap: GivenUp): GivenUp {
  const written = { ...gap, fromAt: instant(gap.fromAt), toAt: instant(gap.toAt) };
  db.prepare("INSERT INTO gaps VALUES (?, ?, ?, ?, ?, ?, ?)").run(
    epoch,
    lane,
    written.from,
    written.to,
    written.fromAt,
    written.toAt,
    written.reason,
  );
  return written;
}

// A gateway whose clock has lost its battery takes frames in 1970: its gaps must be sendable.
function instant(at: number): number {
  return Math.min(latestInstant, Math.max(earliestInstant, at));
}
