import type { DatabaseSync } from "node:sqlite";
import type { ClockState, Frame, Lane, Quality, Ranges, Value } from "@sunledger/model";

/** A frame as it lies on disk. */
export type KeptRow = {
  readonly sequence: number;
  readonly at: number;
  readonly layout: string;
  readonly row: string;
};

/** The frames of these numbers, in order; those that are there no more are left out. */
export function readRows(db: DatabaseSync, epoch: number, lane: Lane, numbers: Ranges): KeptRow[] {
  const read = db.prepare(
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

type Content = [device: string, clock: ClockState, values: Value[], quality?: Quality];

/** The part of a frame that is kept as text. */
export function contentOf({
  device,
  clock,
  values,
  quality,
}: Pick<Frame, "device" | "clock" | "values" | "quality">): string {
  return JSON.stringify(quality ? [device, clock, values, quality] : [device, clock, values]);
}

export function frameOf({ sequence, at, layout, row }: KeptRow): Frame {
  const [device, clock, values, quality]: Content = JSON.parse(row);
  const frame = { device, sequence, layout, at, clock, values };
  return quality ? { ...frame, quality } : frame;
}
