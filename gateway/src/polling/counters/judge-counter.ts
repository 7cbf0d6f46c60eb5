import {
  type Decimal,
  decimalOf,
  decimalOfText,
  decimalText,
  minus,
  plus,
  times,
} from "@sunledger/model/decimal";
import type { CounterMemory } from "./counter-memory.ts";

/** What a reading of a counter is judged by. */
export type CounterFacts = {
  /** `counter` counts for life; the others begin anew with each period, by the device's clock. */
  readonly kind: "counter" | Period;
  /** What the value grows by when the register counts one. */
  readonly step: Decimal;
  /** After how many counts the register may begin again. */
  readonly turns: readonly bigint[];
  /** A sleeping device may answer zero: that says nothing about its counter. */
  readonly zerosAsleep: boolean;
  /** The steepest that it can rise, in units per millisecond, where that is known. */
  readonly mostRate?: number;
};

/** What a counter counts for before it begins anew. */
type Period = "daily" | "monthly" | "yearly";

export type CounterReading = { readonly value: Decimal; readonly at: number };

/** What happened to a counter, with the last value before and the first one after. */
export type CounterEvent = {
  readonly kind: "reset" | "rollover" | "leap";
  /** When the first value after was read, Unix milliseconds. */
  readonly at: number;
  readonly before: string;
  readonly after: string;
  /** What was counted between the two, where that is known. */
  readonly counted?: string;
};

export type CounterVerdict = {
  /** A reading that is not good is held back: the next ones decide what it meant. */
  readonly good: boolean;
  readonly memory: CounterMemory | undefined;
  readonly event?: CounterEvent;
};

/** A rise so many times the steepest one known is no rise. */
const mostTimesRate = 100;
/** So many counts are never too steep: what small or coarse counters take in one go. */
const calmCounts = 10;
/** The same where nothing but its own pace tells what a counter can do. */
const paceCounts = 1_000;
/** A rate is known when it was watched for a day, noon included. */
const learningMs = 86_400_000;
/** What a new period can have brought by its first reading, over the steepest rise known. */
const newPeriodTimesRate = 4;
const hourMs = 3_600_000;
/** Two periods of a device begin at least this far apart, whatever its clock does. */
const shortestMs: Readonly<Record<Period, number>> = {
  daily: 18 * hourMs,
  monthly: 27 * 24 * hourMs,
  yearly: 364 * 24 * hourMs,
};

/**
 * Judges one reading of a counter by what is remembered of it.
 *
 * What goes on from the last good value is good. What falls, or rises more steeply than the counter
 * ever did, is held back until a further reading goes on from it: then it was a roll-over, a reset
 * or a leap, and is reported with both values; or until the counter is back where it was: then it
 * was nothing. The good values and the events together add up to what the counter has counted.
 */
export function judgeCounter(
  memory: CounterMemory | undefined,
  reading: CounterReading,
  facts: CounterFacts,
): CounterVerdict {
  const { value, at } = reading;
  const isEmptyWord = facts.zerosAsleep && facts.kind === "counter" && value.digits === 0n;
  if (!memory) {
    return isEmptyWord ? { good: false, memory } : { good: true, memory: begun(reading) };
  }
  const { doubt, ...calm } = memory;
  const rise = minus(value, decimalOfText(memory.last));
  const isWake = isZero(memory.last) && facts.kind === "counter";
  if (rise.digits >= 0n && isPlausible(rise, at - memory.at, memory, facts, { isWake })) {
    return { good: true, memory: goneOn(calm, rise, reading) };
  }
  // A scale factor that has changed, or a coarser register in its place, cuts digits off.
  if (rise.digits < 0n && numberOf(rise) >= -stepOf(facts)) return { good: false, memory: calm };
  return isEmptyWord ? { good: false, memory } : doubted(memory, reading, facts);
}

/** The first reading of another device under the same name: nothing goes on from the old one. */
export function judgeReplaced(
  memory: CounterMemory | undefined,
  reading: CounterReading,
): CounterVerdict {
  if (!memory) return { good: true, memory: begun(reading) };
  const after = decimalText(reading.value);
  const event: CounterEvent = { kind: "reset", at: reading.at, before: memory.last, after };
  return { good: true, memory: begun(reading), event };
}

type Doubt = NonNullable<CounterMemory["doubt"]>;

function begun({ value, at }: CounterReading): CounterMemory {
  return { since: at, last: decimalText(value), at };
}

function goneOn(memory: CounterMemory, rise: Decimal, { value, at }: CounterReading) {
  const pace = at > memory.at ? numberOf(rise) / (at - memory.at) : 0;
  const rate = Math.max(memory.rate ?? 0, Number(pace.toPrecision(3)));
  return { ...memory, last: decimalText(value), at, ...(rate > 0 && { rate }) };
}

/** Holds the reading back, unless it goes on from one that was held back before. */
function doubted(
  memory: CounterMemory,
  reading: CounterReading,
  facts: CounterFacts,
): CounterVerdict {
  const { doubt, ...calm } = memory;
  const isZeroNow = reading.value.digits === 0n;
  const wasZero = doubt !== undefined && isZero(doubt.value);
  // A lone zero in between says nothing of where a lifetime's counter is.
  if (doubt && facts.kind === "counter" && isZeroNow !== wasZero) {
    return isZeroNow ? { good: false, memory } : held(calm, reading);
  }
  const onward = doubt && minus(reading.value, decimalOfText(doubt.value));
  const goesOn =
    onward && onward.digits >= 0n && isPlausible(onward, reading.at - doubt.at, memory, facts);
  return goesOn ? settled(calm, doubt, reading, facts) : held(calm, reading);
}

function held(memory: CounterMemory, { value, at }: CounterReading): CounterVerdict {
  return { good: false, memory: { ...memory, doubt: { value: decimalText(value), at } } };
}

/** A second reading goes on from the one that was held back: that is where the counter is now. */
function settled(
  memory: CounterMemory,
  doubt: Doubt,
  { value, at }: CounterReading,
  facts: CounterFacts,
): CounterVerdict {
  const { value: first, at: firstAt } = doubt;
  const next: CounterMemory = { ...memory, last: decimalText(value), at };
  const rise = minus(decimalOfText(first), decimalOfText(memory.last));
  const said = { at: firstAt, before: memory.last, after: first };
  if (rise.digits >= 0n) {
    const leapt = { good: true, memory: next };
    return facts.kind !== "counter" ? leapt : { ...leapt, event: { kind: "leap", ...said } };
  }
  const counted = turnedOver(rise, firstAt - memory.at, memory, facts);
  if (counted) {
    const event = { kind: "rollover", ...said, counted: decimalText(counted) } as const;
    return { good: true, memory: next, event };
  }
  if (facts.kind !== "counter" && isNewPeriod(memory, doubt, shortestMs[facts.kind])) {
    return { good: true, memory: { ...next, dayAt: firstAt } };
  }
  return { good: true, memory: next, event: { kind: "reset", ...said } };
}

/** What was counted if the register began again at its lowest value; `undefined` if it did not. */
function turnedOver(
  rise: Decimal,
  tookMs: number,
  memory: CounterMemory,
  facts: CounterFacts,
): Decimal | undefined {
  for (const counts of facts.turns) {
    const whole = times(decimalOf(counts), magnitude(facts.step));
    const counted = plus(whole, rise);
    if (counted.digits < 0n || numberOf(counted) > numberOf(whole) / 8) continue;
    if (isPlausible(counted, tookMs, memory, { ...facts, turns: [counts] }, { isTurn: true }))
      return counted;
  }
  return undefined;
}

/** Whether a counter of a period has begun a new one: near zero, and a period after the last time. */
function isNewPeriod(
  { dayAt, last, rate = 0, at }: CounterMemory,
  doubt: Doubt,
  shortestMs: number,
): boolean {
  const isDue = dayAt === undefined || doubt.at - dayAt >= shortestMs;
  const most = Math.max(Number(last) / 10, newPeriodTimesRate * rate * (doubt.at - at));
  return isDue && Number(doubt.value) <= most;
}

/** Whether the counter can have risen by so much in that time. */
function isPlausible(
  rise: Decimal,
  tookMs: number,
  { since, at, rate }: CounterMemory,
  facts: CounterFacts,
  { isTurn = false, isWake = false } = {},
): boolean {
  const amount = numberOf(rise);
  if (facts.mostRate !== undefined) {
    return amount <= calmCounts * stepOf(facts) + facts.mostRate * Math.abs(tookMs);
  }
  const calm = paceCounts * stepOf(facts);
  if (amount <= calm) return true;
  const isLearned = rate !== undefined && (isTurn || at - since >= learningMs);
  if (isLearned) return amount <= calm + mostTimesRate * rate * Math.abs(tookMs);
  // From zero to a lifetime's energy: the zero was none.
  if (isWake) return false;
  const [counts] = facts.turns;
  return counts === undefined || amount <= (Number(counts) * stepOf(facts)) / 1_024;
}

function stepOf({ step }: CounterFacts): number {
  return Math.abs(numberOf(step));
}

function magnitude({ digits, exponent }: Decimal): Decimal {
  return { digits: digits < 0n ? -digits : digits, exponent };
}

function isZero(text: string): boolean {
  return decimalOfText(text).digits === 0n;
}

/** For comparisons of size only: what is added up stays exact. */
function numberOf(decimal: Decimal): number {
  return Number(decimalText(decimal));
}
