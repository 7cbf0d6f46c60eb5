import { decimalsOf, onGrid, powerOf } from "./grid.ts";
import { type Guess, readResidues, residuesOf } from "./integers.ts";
import { readDoubles, writeDoubles } from "./odd-doubles.ts";
import { joinParts, splitParts } from "./parts.ts";
import { numbersOf, planesOf } from "./planes.ts";
import { codesOf, type Run, readRuns, roomForRuns, runsOf, writeRuns } from "./runs.ts";
import {
  isWhole,
  readTexts,
  roomForTexts,
  wholeDifferences,
  wholesOf,
  writeTexts,
} from "./texts.ts";
import { type Cursor, longestVarint, readVarint, writeVarint } from "./varint.ts";

/** What one point said, row by row. */
export type Column = {
  /** NaN where a row says nothing, or says it in `texts`. */
  readonly numbers: Float64Array;
  /** By row, what no double says: digits or any other text. */
  readonly texts: ReadonlyMap<number, string>;
  /** A code a row, 0 is good; absent when all are. */
  readonly flags?: Uint8Array;
};

// How a row's value is written. Kept for ever: append only. 0: nothing.
const grid = 1;
const odd = 2;
const whole = 3;
const other = 4;

/**
 * Writes a column so that it can be read by itself, every value and flag as it was. Most measured values
 * are whole numbers of a decimal step: of those is written by how much a guess from those before fails.
 */
export function packColumn(column: Column): Buffer {
  const decimals = decimalsOf(column.numbers);
  const values = sorted(column, powerOf(decimals));
  const states = runsOf(values.states);
  const flags = column.flags?.some((flag) => flag !== 0) ? runsOf(column.flags) : [];
  const wholes = wholeDifferences(values.wholes);
  const { guess, first, folded } = residuesOf(values.integers);

  const head = Buffer.allocUnsafe(
    2 +
      longestVarint +
      roomForRuns(states) +
      roomForRuns(flags) +
      8 * values.doubles.length +
      roomForTexts(wholes) +
      roomForTexts(values.others),
  );
  head[0] = decimals;
  head[1] = guess;
  let at = writeVarint(head, 2, first);
  at = writeRuns(head, at, states);
  at = writeRuns(head, at, flags);
  at = writeDoubles(head, at, values.doubles);
  at = writeTexts(head, at, wholes);
  at = writeTexts(head, at, values.others);
  return joinParts([head.subarray(0, at), ...planesOf(folded)]);
}

type Sorted = {
  readonly states: Uint8Array;
  readonly integers: Float64Array;
  readonly doubles: Float64Array;
  readonly wholes: readonly string[];
  readonly others: readonly string[];
};

/** The values by how they are written. */
function sorted({ numbers, texts }: Column, power: number): Sorted {
  const rows = numbers.length;
  const states = new Uint8Array(rows);
  const integers = new Float64Array(rows);
  const doubles: number[] = [];
  const [wholes, others]: [string[], string[]] = [[], []];
  let onIt = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = numbers[row] as number;
    if (Number.isNaN(value)) continue;
    const integer = onGrid(value, power);
    if (Number.isNaN(integer)) {
      states[row] = odd;
      doubles.push(value);
    } else {
      states[row] = grid;
      integers[onIt++] = integer;
    }
  }
  for (const [row, text] of [...texts].sort(([a], [b]) => a - b)) {
    const isNumber = isWhole(text);
    states[row] = isNumber ? whole : other;
    (isNumber ? wholes : others).push(text);
  }
  return {
    states,
    integers: integers.subarray(0, onIt),
    doubles: Float64Array.from(doubles),
    wholes,
    others,
  };
}

/** Reads what `packColumn` wrote. Throws for bytes that it never wrote. */
export function unpackColumn(bytes: Uint8Array): Column {
  const [head = new Uint8Array(), ...planes] = splitParts(bytes);
  const cursor: Cursor = { bytes: head, at: 2 };
  const [decimals, guess] = [head[0] as number, head[1] as Guess];
  const first = readVarint(cursor);
  const states = readRuns(cursor);
  const flags = readRuns(cursor);
  const countOf = (state: number) =>
    states.reduce((sum, { code, length }) => sum + (code === state ? length : 0), 0);

  const rows = states.reduce((sum, { length }) => sum + length, 0);
  const numbers = new Float64Array(rows);
  const onIt = countOf(grid);
  const folded = numbersOf(planes, onIt);
  readResidues({ guess, first, folded }, numbers, powerOf(decimals));
  const doubles = readDoubles(cursor, countOf(odd));
  const wholes = wholesOf(readTexts(cursor, countOf(whole)));
  const others = readTexts(cursor, countOf(other));
  const texts =
    onIt === rows ? noTexts : placed(states, { numbers, onIt, doubles, wholes, others });
  return flags.length === 0 ? { numbers, texts } : { numbers, texts, flags: codesOf(flags, rows) };
}

const noTexts: ReadonlyMap<number, string> = new Map();

type Read = {
  /** With the numbers of the grid at the front. */
  readonly numbers: Float64Array;
  readonly onIt: number;
  readonly doubles: Float64Array;
  readonly wholes: readonly string[];
  readonly others: readonly string[];
};

/** Moves each value to its row, from the last to the first; answers the texts by row. */
function placed(states: readonly Run[], read: Read): ReadonlyMap<number, string> {
  const { numbers, doubles } = read;
  const texts: [number, string][] = [];
  let row = numbers.length;
  let [onIt, beside] = [read.onIt, doubles.length];
  let [wholes, others] = [read.wholes.length, read.others.length];
  for (const { code, length } of states.toReversed()) {
    row -= length;
    if (code === grid) {
      onIt -= length;
      numbers.copyWithin(row, onIt, onIt + length);
    } else if (code === odd) {
      beside -= length;
      numbers.set(doubles.subarray(beside, beside + length), row);
    } else numbers.fill(Number.NaN, row, row + length);
    if (code !== whole && code !== other) continue;
    for (let i = row + length - 1; i >= row; i -= 1) {
      const text = code === whole ? read.wholes[--wholes] : read.others[--others];
      texts.push([i, text as string]);
    }
  }
  return new Map(texts.reverse());
}
