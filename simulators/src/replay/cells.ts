import type { Flag, Value } from "@sunledger/model";
import type { CataloguePoint } from "@sunledger/model/points";
import type { Target } from "./replay-map.ts";
import type { Complain, TableRow } from "./table.ts";

/** What a cell says, in canonical units. */
export type Cell = { readonly value: Value; readonly flag?: Flag };

/** Cells that say that there was no measurement. */
const blank = /^(|na|n\/a|null|none|-)$/i;

/** A number as people and machines write it; what JavaScript reads besides, as 0x10, is none. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads the cells of a row by their columns; `sum` names what an accumulating column adds up to. */
export function cellReader(
  complain: Complain,
): (row: TableRow, column: string, target: Target, point: CataloguePoint, sum: string) => Cell {
  const sums = new Map<string, number>();

  return (row, column, { factor, accumulate }, point, sum) => {
    const text = (row.cells.get(column) ?? "").trim();
    if (blank.test(text)) return { value: null, flag: "failed" };
    const number = decimal.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(number)) {
      complain(row.line, `column ${column}: ${JSON.stringify(text)} is no number`);
      return { value: null, flag: "invalid" };
    }
    const before = accumulate ? (sums.get(sum) ?? 0) : 0;
    const canonical = before + number * factor;
    if (accumulate) sums.set(sum, canonical);
    const value = rounded(canonical, point);
    return row.flag ? { value, flag: row.flag } : { value };
  };
}

/** Counters of energy are whole watt-hours; measured values lose what binary fractions add. */
function rounded(value: number, { kind, unit }: CataloguePoint): number {
  const clean = Number(value.toPrecision(12));
  if (kind === "counter" && (unit === "Wh" || unit === "varh")) return Math.round(clean);
  return clean === 0 ? 0 : clean;
}
