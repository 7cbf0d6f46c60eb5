import { createInterface } from "node:readline";
import type { Flag } from "@sunledger/model";
import { decimalIn, decimalText, timesTenTo } from "@sunledger/model/decimal";
import type { Encoding } from "./encoding.ts";
import { endOf, packedState } from "./packed-state.ts";
import type { Complain, Table, TableRow } from "./table.ts";
import { textOf } from "./text-of.ts";

const minute = 60_000;

const byteOrderMark = /^\uFEFF/;

/** What a 200 record announces: the meter, the register and its unit, the length of an interval. */
type Stream = {
  readonly meter: string;
  readonly suffix: string;
  /** The power of ten that makes kilo of the unit. */
  readonly power: number;
  readonly minutes: number;
};

const powers: Record<string, number> = { WH: -3, KWH: 0, MWH: 3, VARH: -3, KVARH: 0, MVARH: 3 };

/** Quality of the market: actual values are good, the others say how they came about. */
const flags: Record<string, Flag | undefined> = {
  A: undefined,
  E: "substituted",
  F: "substituted",
  S: "substituted",
  N: "failed",
};

/**
 * An interval file of the Australian market (NEM12). Each interval becomes a row with the columns
 * `nmi`, `end` (market time, UTC+10) and the register's suffix, `B1` or `E1`, in kWh or kvarh.
 */
export async function nem12Table(
  path: string,
  encoding: Encoding,
  complain: Complain,
): Promise<Table> {
  const state = await packedState(path);
  const suffixes = new Set<string>();
  const rows: TableRow[] = [];
  let stream: Stream | undefined;
  let number = 0;
  for await (const line of createInterface({ input: textOf(path, encoding, state) })) {
    number += 1;
    const record = line.replace(byteOrderMark, "").split(",");
    const [kind] = record;
    if (kind === "200") {
      stream = streamOf(record);
      if (stream) suffixes.add(stream.suffix);
      else complain(number, "a register that cannot be read");
    } else if (kind === "300") {
      if (stream) rows.push(...dayOf(record, stream, number, complain));
      else complain(number, "intervals of no register");
    } else if (kind === "400") {
      complain(number, "qualities by interval are not read: the intervals are marked suspect");
      markSuspect(rows, number, stream);
    } else if (!["100", "500", "900", ""].includes(kind ?? "")) {
      complain(number, `a record of kind ${kind} has no place in NEM12`);
    }
  }
  const end = endOf(state);
  if (end !== undefined) complain(number, `${end}: the intervals before it are read`);
  return { columns: ["nmi", "end", ...suffixes], rows: each(rows) };
}

function streamOf([, meter, , , suffix, , , unit = "", minutes]: readonly string[]):
  | Stream
  | undefined {
  const power = powers[unit.toUpperCase()];
  const length = Number(minutes);
  if (!meter || !suffix || power === undefined || ![5, 15, 30].includes(length)) return undefined;
  return { meter, suffix, power, minutes: length };
}

function dayOf(
  record: readonly string[],
  { meter, suffix, power, minutes }: Stream,
  line: number,
  complain: Complain,
): TableRow[] {
  const [, date = ""] = record;
  const count = 1440 / minutes;
  const start = startOf(date);
  if (start === undefined || record.length < 3 + count) {
    complain(line, start === undefined ? `no date: ${date}` : `fewer than ${count} intervals`);
    return [];
  }
  const quality = (record[2 + count] ?? "A").charAt(0);
  // V: it varies within the day, and the records that follow say how.
  if (quality !== "V" && !(quality in flags)) complain(line, `unknown quality ${quality}`);
  const flag = flags[quality] ?? (quality in flags || quality === "V" ? undefined : "suspect");
  return Array.from({ length: count }, (_, i) => {
    const text = inKilo((record[2 + i] ?? "").trim(), power);
    const end = new Date(start + (i + 1) * minutes * minute).toISOString().replace("Z", "+10:00");
    const cells = new Map([
      ["nmi", meter],
      ["end", end],
      [suffix, text],
    ]);
    return { line, cells, ...(flag && { flag }) };
  });
}

/** What is no number stays as it is written: its cell is told. */
function inKilo(text: string, power: number): string {
  const number = decimalIn(text);
  if (number === undefined) return text;
  return decimalText(timesTenTo(number, power));
}

/** Without reading which intervals are meant, all of the day before are in doubt. */
function markSuspect(rows: TableRow[], line: number, stream: Stream | undefined): void {
  const count = stream ? 1440 / stream.minutes : 0;
  for (let i = Math.max(0, rows.length - count); i < rows.length; i += 1) {
    const row = rows[i];
    if (row && row.line <= line) rows[i] = { ...row, flag: "suspect" };
  }
}

/** Midnight of `20230301`, written as if the market's clocks were UTC. */
function startOf(date: string): number | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  if (!year) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day));
}

async function* each(rows: readonly TableRow[]): AsyncGenerator<TableRow> {
  yield* rows;
}
