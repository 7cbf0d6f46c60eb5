import * as z from "zod";
import { mostEvents } from "./device-event.ts";
import {
  ClockState,
  DeviceTag,
  Flag,
  type Frame,
  GatewayId,
  Lane,
  type Quality,
  type Value,
} from "./frame.ts";
import { earliestInstant, latestInstant } from "./instants.ts";
import { type Layout, LayoutHash } from "./layout.ts";

const mostRows = 10_000;

/** Rows stay unread here: a schema that looks at each would cost as much as judging them. */
const Rows = z.custom<unknown[]>(
  (rows) => Array.isArray(rows) && rows.length <= mostRows,
  `not an array of at most ${mostRows} rows`,
);

const Sequence = z.int().positive();
const Instant = z.int().min(earliestInstant).max(latestInstant);

/** A span of sequence numbers that the gateway gave up (D-9): steps the watermark, becomes a gap row. */
export const GivenUp = z.object({
  from: Sequence,
  to: Sequence,
  fromAt: Instant,
  toAt: Instant,
  reason: z.enum(["outboxFull", "ringExhausted"]),
});
export type GivenUp = z.infer<typeof GivenUp>;

/**
 * What a gateway publishes on its frames topic. Rows stay unparsed here: a bad row is judged alone
 * (D-6), against the layout that its group names.
 */
export const FramesMessage = z.object({
  v: z.literal(1),
  gateway: GatewayId,
  epoch: z.uuid(),
  lane: Lane,
  trace: z.string().max(64).optional(),
  groups: z.array(z.object({ layout: LayoutHash, rows: Rows })).max(2_000),
  gaps: z.array(GivenUp).max(1_000).optional(),
  /** Each is a `DeviceEvent`, judged alone; acknowledged by its id, whatever its lane. */
  events: z.array(z.unknown()).max(mostEvents).optional(),
});
export type FramesMessage = z.infer<typeof FramesMessage>;

/** `[device, sequence, at, clock, …values, quality?]` */
type Row = readonly [string, number, number, ClockState, ...(Value | Record<string, Flag>)[]];

/** The row of a frame; `quality` is there only when a value is not good. */
export function rowOf({ device, sequence, at, clock, values, quality }: Frame): Row {
  const head = [device, sequence, at, clock] as const;
  return quality && Object.keys(quality).length > 0
    ? [...head, ...values, quality]
    : [...head, ...values];
}

/** Frames of one gateway, epoch and lane as one message, grouped by layout in order of appearance. */
export function messageOf(
  head: Pick<FramesMessage, "gateway" | "epoch" | "lane">,
  frames: readonly Frame[],
  gaps: readonly GivenUp[] = [],
): FramesMessage {
  const rows = new Map<string, Row[]>();
  for (const frame of frames) {
    const group = rows.get(frame.layout);
    if (group) group.push(rowOf(frame));
    else rows.set(frame.layout, [rowOf(frame)]);
  }
  const groups = [...rows].map(([layout, rows]) => ({ layout, rows }));
  return { v: 1, ...head, groups, ...(gaps.length > 0 && { gaps: [...gaps] }) };
}

/** The number of a row of which nothing else can be told; `undefined` where it has none. */
export function sequenceOfRow(row: unknown): number | undefined {
  return Array.isArray(row) ? Sequence.safeParse(row[1]).data : undefined;
}

export type RowResult =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly reason: string; readonly sequence?: number };

/** Reads one row against its layout, or says what is wrong with it and, where readable, its number. */
export function parseRow(row: unknown, hash: string, layout: Layout): RowResult {
  if (!Array.isArray(row)) return { ok: false, reason: "a row is not an array" };
  const [device, sequence, at, clock] = row;
  const number = Sequence.safeParse(sequence);
  const bad = (reason: string): RowResult =>
    number.success ? { ok: false, reason, sequence: number.data } : { ok: false, reason };

  if (!number.success) return bad("the sequence number is not a positive integer");
  if (!DeviceTag.safeParse(device).success) return bad("the device is not a tag");
  if (!Instant.safeParse(at).success) return bad("the time is not Unix milliseconds from 1990 on");
  if (!ClockState.safeParse(clock).success) return bad("the clock state is unknown");
  const count = layout.points.length;
  if (row.length !== 4 + count && row.length !== 5 + count)
    return bad(`${row.length - 4} values for ${count} points`);

  const values: Value[] = row.slice(4, 4 + count);
  const quality = qualityOf(row[4 + count], count);
  if (quality === "bad") return bad("the quality does not fit the layout");
  const wrong = values.findIndex((value) => !isValue(value));
  if (wrong >= 0) return bad(`the value of ${layout.points[wrong]} is not a number`);
  const unflagged = values.findIndex((value, i) => value === null && !quality?.[i]);
  if (unflagged >= 0) return bad(`${layout.points[unflagged]} has no value and no flag`);

  const frame = { device, sequence: number.data, layout: hash, at, clock, values };
  return { ok: true, frame: quality ? { ...frame, quality } : frame };
}

/** No quantity of a plant comes near it; sums and means over millions of such values stay finite. */
export const greatestValue = 1e30;

// Hand-written: this runs once a value, and zod's parse of a union is twenty times slower.
function isValue(value: unknown): value is Value {
  if (value === null) return true;
  if (typeof value === "number") return Math.abs(value) <= greatestValue;
  return typeof value === "string" && value.length <= 40 && /^-?\d+(\.\d+)?$/.test(value);
}

function qualityOf(quality: unknown, count: number): Quality | undefined | "bad" {
  if (quality === undefined) return undefined;
  if (typeof quality !== "object" || quality === null || Array.isArray(quality)) return "bad";
  for (const [position, flag] of Object.entries(quality)) {
    if (!/^\d{1,4}$/.test(position) || Number(position) >= count) return "bad";
    if (!Flag.safeParse(flag).success) return "bad";
  }
  return quality as Quality;
}
