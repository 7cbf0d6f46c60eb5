import type { Flag, Value } from "@sunledger/model";
import { codeOf, flagOf } from "../columns.ts";
import type { StoredFrame } from "../frame-store.ts";
import type { SeriesFrame } from "../series/series-engine.ts";
import { exactValue, fitsDouble } from "../values.ts";
import { doubleOfParts, isPlainDouble, partsOfDouble, plainNear } from "./parts-of-double.ts";

// What a frame is in VictoriaMetrics: a sample of `frame_<field>` for each of its fields, all with the labels
// organisation, device and layout. A good value is the field of its point's name; what that cannot say exactly
// stands beside in whole numbers. One in doubt stands in fields of its own, and its flag as a code.

const measurement = "frame";
export const sequenceField = "~sequence";
export const streamField = "~stream";
/** 1 where the gateway's clock was not synchronised, 2 where it was corrected. */
const clockField = "~clock";
const clocks = ["synced", "unsynced", "corrected"];

const flagField = (point: string) => `${point}~flag`;
const doubted = (point: string) => `${point}~doubted`;
const mantissaOf = (field: string) => `${field}~mantissa`;
const exponentOf = (field: string) => `${field}~exponent`;

/** The fields that may say something of a point; good: by which a good value is known. */
export function fieldsOf(point: string, good: boolean): readonly string[] {
  const value = (field: string) => [field, mantissaOf(field), exponentOf(field)];
  return good ? value(point) : [...value(point), ...value(doubted(point)), flagField(point)];
}

/** The fields of which one is there whenever a good value is. */
export function markersOf(point: string): readonly string[] {
  return [point, mantissaOf(point)];
}

/** The name of a field's metric. */
export function metricOf(field: string): string {
  return `${measurement}_${field}`;
}

/** The field of a metric of ours. */
export function fieldOf(metric: string): string {
  return metric.slice(measurement.length + 1);
}

/** Whether each value is a double. */
export function fitsSamples({ values }: StoredFrame): boolean {
  return values.every(fitsDouble);
}

/** The frame in line protocol, with milliseconds. Names and ids hold nothing that needs escaping. */
export function samplesOf(frame: SeriesFrame, points: readonly string[]): string {
  const { organisation, device, layout, sequence, stream, at, clock, values, quality } = frame;
  const fields = [`${sequenceField}=${sequence}`, `${streamField}=${stream}`];
  for (const [i, point] of points.entries()) {
    const flag = quality?.[i];
    if (flag) fields.push(`${flagField(point)}=${codeOf(flag)}`);
    fields.push(...valueFields(flag ? doubted(point) : point, values[i] ?? null));
  }
  if (clock !== "synced") fields.push(`${clockField}=${clocks.indexOf(clock)}`);
  const tags = `device=${device},layout=${layout},organisation=${organisation}`;
  return `${measurement},${tags} ${fields.join(",")} ${at}`;
}

function valueFields(field: string, value: Value): readonly string[] {
  if (value === null) return [];
  const double = Number(exactValue(value));
  if (isPlainDouble(double)) return [`${field}=${double}`];
  const near = plainNear(double);
  const { mantissa, exponent } = partsOfDouble(double);
  return [
    ...(near === undefined ? [] : [`${field}=${near}`]),
    `${mantissaOf(field)}=${mantissa}`,
    `${exponentOf(field)}=${exponent}`,
  ];
}

/** The samples of a device and layout: by field, then by time. */
export type Samples = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** What the samples say of a point at a time, in doubt or not. */
export function valueAt(samples: Samples, point: string, at: number): Value {
  return sampled(samples, point, at) ?? sampled(samples, doubted(point), at) ?? null;
}

/** What the samples say of a point at a time, if that is good. */
export function goodValueAt(samples: Samples, point: string, at: number): Value {
  return sampled(samples, point, at) ?? null;
}

export function flagAt(samples: Samples, point: string, at: number): Flag | undefined {
  return flagOf(samples.get(flagField(point))?.get(at) ?? 0);
}

function sampled(samples: Samples, field: string, at: number): Value | undefined {
  const mantissa = samples.get(mantissaOf(field))?.get(at);
  const exponent = samples.get(exponentOf(field))?.get(at);
  const value =
    mantissa === undefined || exponent === undefined
      ? samples.get(field)?.get(at)
      : doubleOfParts({ mantissa, exponent });
  return value === undefined ? undefined : exactValue(value);
}
