import { type Flag, greatestValue, type Value } from "@sunledger/model";
import {
  type Decimal,
  decimalIn,
  decimalText,
  plus,
  rounded,
  times,
  zero,
} from "@sunledger/model/decimal";
import type { CataloguePoint } from "@sunledger/model/points";
import type { Target } from "./replay-map.ts";
import type { Complain, TableRow } from "./table.ts";

/** What a cell says, in canonical units. */
export type Cell = { readonly value: Value; readonly flag?: Flag };

/** Cells that say that there was no measurement. */
const blank = /^(|na|n\/a|null|none|-)$/i;

/** Reads the cells of a row by their columns; `sum` names what an accumulating column adds up to. */
export function cellReader(
  complain: Complain,
): (row: TableRow, column: string, target: Target, point: CataloguePoint, sum: string) => Cell {
  const sums = new Map<string, Decimal>();

  return (row, column, { factor, accumulate }, point, sum) => {
    const text = (row.cells.get(column) ?? "").trim();
    if (blank.test(text)) return { value: null, flag: "failed" };
    const invalid = (reason: string): Cell => {
      complain(row.line, `column ${column}: ${JSON.stringify(text)} ${reason}`);
      return { value: null, flag: "invalid" };
    };
    const scaled = scaledOf(text, factor);
    if (scaled === undefined) return invalid("is no number");
    const canonical = accumulate ? plus(sums.get(sum) ?? zero, scaled) : scaled;
    const value = canonicalValue(canonical, point);
    if (value === undefined) return invalid("is beyond what can be kept");
    if (accumulate) sums.set(sum, canonical);
    return row.flag ? { value, flag: row.flag } : { value };
  };
}

function scaledOf(text: string, factor: number): Decimal | undefined {
  const number = decimalIn(text);
  const scale = decimalIn(String(factor));
  return number && scale && times(number, scale);
}

/** What ingest takes of the digits of a counter. */
const mostDigits = 40;

/** Digits that a measured value keeps: more than any device has, fewer than binary noise needs. */
const measuredDigits = 12;

/**
 * Counters are exact, those of energy whole watt-hours; `undefined` when it is too much to be kept.
 */
function canonicalValue(canonical: Decimal, { kind, unit }: CataloguePoint): Value | undefined {
  const isWhole = kind === "counter" && (unit === "Wh" || unit === "varh");
  const text = isWhole ? rounded(canonical).toString() : decimalText(canonical);
  const number = Number(text);
  if (Math.abs(number) > greatestValue) return undefined;
  if (kind !== "counter") return withoutSign(Number(number.toPrecision(measuredDigits)));
  if (text.length > mostDigits) return undefined;
  return isSame(number, text) ? withoutSign(number) : text;
}

/** Whether a double says the same as the digits, and is written as they are. */
function isSame(number: number, text: string): boolean {
  if (Number.isInteger(number)) return Number.isSafeInteger(number) && String(number) === text;
  return text.replace(/\D/g, "").replace(/^0+/, "").length <= 15;
}

function withoutSign(number: number): number {
  return number === 0 ? 0 : number;
}
