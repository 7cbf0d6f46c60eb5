import type { Value } from "@sunledger/model";
import type { StoredFrame } from "../frame-store.ts";
import type { SeriesFrame } from "../series/series-engine.ts";
import { exactValue, fitsDouble } from "../values.ts";

// What a frame is in InfluxDB: a point of the measurement that its layout names, with its organisation and
// device as tags. A good value is a field of its point's name, always a float; one in doubt stands in a field
// beside, so that whoever knows nothing of quality sums up what is good. No name of a point holds a tilde.

/** The measurement: one for each layout, since InfluxDB 3 allows a table only so many columns. */
export function measurementOf(layout: string): string {
  return `frame_${layout}`;
}

export const sequenceField = "~sequence";
export const streamField = "~stream";
/** JSON: the flag of each point that is not good. A field: as a tag it would be part of the identity. */
export const qualityField = "~quality";
/** Only where the gateway's clock was not synchronised. */
const clockField = "~clock";

/** The field of a point's value in doubt. */
export function doubtedField(point: string): string {
  return `${point}~doubted`;
}

/** Instants that nanoseconds of 64 bits can say, Unix milliseconds. */
export const firstInstant = 0;
export const lastInstant = 9_223_372_036_853;

/** Whether the frame comes back as it is. */
export function fitsLine({ at, values }: StoredFrame): boolean {
  return at >= firstInstant && at <= lastInstant && values.every(fitsDouble);
}

/** How many columns the table of the frame's layout may come to have: each point's two, and one for all else. */
export function columnsOf({ values }: StoredFrame): number {
  const [tags, time] = [2, 1];
  const beside = [sequenceField, streamField, qualityField, clockField];
  return 2 * values.length + beside.length + tags + time;
}

/** The frame in line protocol, with milliseconds. Names and ids hold nothing that needs escaping. */
export function lineOf(frame: SeriesFrame, points: readonly string[]): string {
  const { organisation, device, layout, sequence, stream, at, clock } = frame;
  const fields = [`${sequenceField}=${sequence}i`, `${streamField}=${stream}i`];
  const doubts: Record<string, string> = {};
  for (const [i, point] of points.entries()) {
    const value = doubleOf(frame.values[i] ?? null);
    const flag = frame.quality?.[i];
    if (flag) doubts[point] = flag;
    if (value !== null) fields.push(`${flag ? doubtedField(point) : point}=${value}`);
  }
  if (Object.keys(doubts).length > 0) fields.push(`${qualityField}=${quoted(doubts)}`);
  if (clock !== "synced") fields.push(`${clockField}="${clock}"`);
  const tags = `device=${device},organisation=${organisation}`;
  return `${measurementOf(layout)},${tags} ${fields.join(",")} ${at}`;
}

/** As a double that loses nothing; minus zero is zero. */
function doubleOf(value: Value): number | null {
  return value === null ? null : Number(exactValue(value));
}

function quoted(doubts: Readonly<Record<string, string>>): string {
  return `"${JSON.stringify(doubts).replace(/["\\]/g, "\\$&")}"`;
}
