import { createInterface } from "node:readline";
import type { Flag } from "@sunledger/model";
import type { Complain, Table, TableRow } from "./table.ts";
import { isWhole, textOf } from "./text-of.ts";

const minute = 60_000;

/** What a 200 record announces: the meter, the register and its unit, the length of an interval. */
type Stream = {
  readonly meter: string;
  readonly suffix: string;
  readonly perKilo: number;
  readonly minutes: number;
};

const perKilo: Record<string, number> = {
  WH: 1e-3,
  KWH: 1,
  MWH: 1e3,
  VARH: 1e-3,
  KVARH: 1,
  MVARH: 1e3,
};

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
export async function nem12Table(path: string, complain: Complain): Promise<Table> {
  const suffixes = new Set<string>();
  const rows: TableRow[] = [];
  let stream: Stream | undefined;
  let number = 0;
  for await (const line of createInterface({ input: textOf(path) })) {
    number += 1;
    const record = line.split(",");
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
  if (!(await isWhole(path))) {
    complain(number, "the packed file is cut off here: the intervals before it are read");
  }
  return { columns: ["nmi", "end", ...suffixes], rows: each(rows) };
}

function streamOf([, meter, , , suffix, , , unit = "", minutes]: readonly string[]):
  | Stream
  | undefined {
  const factor = perKilo[unit.toUpperCase()];
  const length = Number(minutes);
  if (!meter || !suffix || factor === undefined || ![5, 15, 30].includes(length)) return undefined;
  return { meter, suffix, perKilo: factor, minutes: length };
}

function dayOf(
  record: readonly string[],
  { meter, suffix, perKilo: factor, minutes }: Stream,
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
    const value = Number(record[2 + i]);
    const text = Number.isFinite(value)
      ? String(Number((value * factor).toPrecision(12)))
      : (record[2 + i] ?? "");
    const end = new Date(start + (i + 1) * minutes * minute).toISOString().replace("Z", "+10:00");
    const cells = new Map([
      ["nmi", meter],
      ["end", end],
      [suffix, text],
    ]);
    return { line, cells, ...(flag && { flag }) };
  });
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
