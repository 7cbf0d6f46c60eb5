import type { DatabaseSync } from "node:sqlite";
import type { ClockState, Frame, Lane, Quality, Ranges, Value } from "@sunledger/model";
import { prepared } from "./prepared.ts";

/** A frame as it lies on disk. */
export type KeptRow = {
  readonly sequence: number;
  readonly at: number;
  readonly layout: string;
  readonly row: string;
};

/** The frames of these numbers, in order; those that are there no more are left out. */
export function readRows(db: DatabaseSync, epoch: number, lane: Lane, numbers: Ranges): KeptRow[] {
  const read = prepared(
    db,
    `SELECT sequence, at, hash, row FROM frames JOIN layouts ON number = layout
      WHERE epoch = ? AND lane = ? AND sequence BETWEEN ? AND ? ORDER BY sequence`,
  );
  return numbers.flatMap(([from, to]) =>
    read.all(epoch, lane, from, to).map((row) => ({
      sequence: Number(row.sequence),
      at: Number(row.at),
      layout: String(row.hash),
      row: String(row.row),
    })),
  );
}

/** Of a clock that was not synchronised its anchor is kept, by which the frame's time can be corrected. */
type KeptClock = ClockState | readonly [anchor: number];
type Content = [device: string, clock: KeptClock, values: Value[], quality?: Quality];
type Kept = Pick<Frame, "device" | "clock" | "values" | "quality">;

/** The part of a frame that is kept as text. */
export function contentOf({ device, clock, values, quality }: Kept, anchor?: number): string {
  const kept: KeptClock = clock === "unsynced" && anchor !== undefined ? [anchor] : clock;
  return JSON.stringify(quality ? [device, kept, values, quality] : [device, kept, values]);
}

export function frameOf({ sequence, at, layout, row }: KeptRow): Frame {
  const [device, kept, values, quality]: Content = JSON.parse(row);
  const clock = typeof kept === "string" ? kept : "unsynced";
  const frame = { device, sequence, layout, at, clock, values };
  return quality ? { ...frame, quality } : frame;
}

/** The anchor of the clock that the frame was taken by, where it was not synchronised and is kept. */
export function anchorOf({ row }: KeptRow): number | undefined {
  const [, kept]: Content = JSON.parse(row);
  return typeof kept === "string" ? undefined : kept[0];
}
