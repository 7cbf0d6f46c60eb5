import { CsvError, parse } from "csv-parse/sync";
import { type ListTable, mostRows, tableOf, tooLong, UnreadableList } from "./list-table.ts";
import { readText } from "./read-text.ts";

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/** Head, rows, and as many rows again of separators alone, which spreadsheets leave behind. */
const mostRecords = 1 + 2 * mostRows;
const longestRecord = 64 * 1024;

/** Reads a list of comma, semicolon or tab separated values. Throws `UnreadableList`. */
export function csvList(bytes: Uint8Array): ListTable {
  const { text, readAs } = readText(bytes);
  const [firstLine = ""] = text.split(/\r?\n/, 1);
  try {
    const separator = separatorOf(firstLine);
    const options = {
      ...{ bom: true, info: true, relax_column_count: true, delimiter: separator },
      ...{ skip_empty_lines: true, to: mostRecords + 1, max_record_size: longestRecord },
    };
    // Its types know nothing of what `info` adds.
    const records = parse(text, options) as unknown as readonly Parsed[];
    if (records.length > mostRecords) throw tooLong();
    const rows = records.map(({ record, info }) => ({ line: lineOf(record, info), cells: record }));
    return { ...tableOf(rows), ...(readAs && { readAs }) };
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new UnreadableList(cause.message, { cause });
  }
}

/** A record is counted where it ends; people look for it where it begins. */
function lineOf(record: readonly string[], { lines }: Parsed["info"]): number {
  const breaks = record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
  return lines - breaks;
}

/** Whatever stands oftenest in the head. */
function separatorOf(head: string): string {
  const count = (separator: string) => head.split(separator).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}
