import type { ClockState, Flag, Lane, Quality, Value } from "@sunledger/model";
import type { StoredFrame } from "./frame-store.ts";
import { exactDecimal, exactValue, fitsDouble } from "./values.ts";

// How a frame's values stand in its row. The codes are kept for ever: append only.
const clocks: readonly ClockState[] = ["synced", "unsynced", "corrected"];
const flags: readonly (Flag | undefined)[] = [
  undefined,
  "notImplemented",
  "failed",
  "invalid",
  "suspect",
  "substituted",
];

/** The columns of a frame's values, as text that PostgreSQL reads. */
export type ValueColumns = {
  readonly gauges: string | null;
  readonly counters: string | null;
  readonly exact: string | null;
  /** Hex digits. */
  readonly quality: string | null;
};

/**
 * Counters are whole numbers, or exact digits where one is not or is too great; other values are
 * doubles, unless one of them is more than a double can say.
 */
export function columnsOf(
  { values, quality, clock }: Pick<StoredFrame, "values" | "quality" | "clock">,
  lane: Lane,
): ValueColumns {
  const asDoubles = lane === "values" && values.every(fitsDouble);
  const exact = asDoubles ? values : values.map(exactValue);
  const asCounters = !asDoubles && exact.every(fitsCounter);
  const text = arrayText(exact);
  return {
    gauges: asDoubles ? text : null,
    counters: asCounters ? text : null,
    exact: asDoubles || asCounters ? null : text,
    quality: qualityText(quality, clock),
  };
}

const greatestCounter = 2n ** 63n - 1n;

/** Whether the value, as `exactValue` has it, is a whole number of 64 bits. */
function fitsCounter(value: Value): boolean {
  if (typeof value === "number") return Number.isInteger(value);
  if (value === null) return true;
  if (value.includes(".")) return false;
  const whole = BigInt(value);
  return whole <= greatestCounter && whole >= -greatestCounter;
}

/** `{1,NULL,2.5}` */
export function arrayText(values: readonly (Value | undefined)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

/** A byte for the clock and one a value, up to the last value that is not good; absent when all is well. */
function qualityText(quality: Quality | undefined, clock: ClockState): string | null {
  const flagged = Object.entries(quality ?? {});
  if (flagged.length === 0 && clock === "synced") return null;
  const last = Math.max(-1, ...flagged.map(([position]) => Number(position)));
  const bytes = Buffer.alloc(last + 2);
  bytes[0] = clocks.indexOf(clock);
  for (const [position, flag] of flagged) bytes[Number(position) + 1] = flags.indexOf(flag);
  return bytes.toString("hex");
}

/** The quality byte of a flag, or of its absence. */
export function codeOf(flag: Flag | undefined): number {
  return flags.indexOf(flag);
}

/** The flag of a quality byte. */
export function flagOf(code: number): Flag | undefined {
  return flags[code];
}

/** The values and flags of a row's columns, as PostgreSQL writes them. */
export function readColumns({ gauges, counters, exact, quality }: ValueColumns): {
  readonly values: readonly Value[];
  readonly flagAt: (position: number) => Flag | undefined;
} {
  const bytes = Buffer.from(quality ?? "", "hex");
  const items = (gauges ?? counters ?? exact ?? "{}").slice(1, -1).split(",");
  const read = gauges === null ? exactDecimal : (item: string) => exactValue(Number(item));
  return {
    values: items.map((item) => (item === "NULL" ? null : read(item))),
    flagAt: (position) => flagOf(bytes[position + 1] ?? 0),
  };
}
