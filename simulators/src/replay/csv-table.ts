import { ConfigError } from "@sunledger/runtime";
import { type CsvError, parse } from "csv-parse";
import type { Encoding } from "./encoding.ts";
import { endOf, packedState } from "./packed-state.ts";
import type { Complain, Table, TableRow } from "./table.ts";
import { textOf } from "./text-of.ts";

type Parsed = {
  readonly record: string[];
  readonly info: { readonly lines: number };
  /** As it stands in the file, its line's end included. */
  readonly raw: string;
};

/** A CSV file, gzipped or not, whose first line names its columns. */
export async function csvTable(
  path: string,
  encoding: Encoding,
  complain: Complain,
): Promise<Table> {
  let fault: { readonly line: number; readonly reason: string } | undefined;
  const records = recordsOf(path, encoding, (line, reason) => {
    fault = { line, reason };
    complain(line, reason);
  })[Symbol.asyncIterator]();
  const head = await records.next();
  if (head.done) {
    const why = fault ? `ends in its first line: ${fault.reason}` : "is empty";
    throw new ConfigError(`the file ${path} ${why}`);
  }
  const columns = head.value.record.map((name) => name.trim());
  return { columns, rows: rowsOf(columns, { [Symbol.asyncIterator]: () => records }, complain) };
}

async function* rowsOf(
  columns: readonly string[],
  records: AsyncIterable<Parsed>,
  complain: Complain,
): AsyncGenerator<TableRow> {
  for await (const { record, info } of records) {
    if (record.length !== columns.length) {
      complain(info.lines, `${record.length} cells under ${columns.length} columns`);
      continue;
    }
    const cells = new Map(columns.map((column, i) => [column, record[i] ?? ""]));
    yield { line: info.lines, cells };
  }
}

/** The file's records up to its end, or up to where it can be read no further. */
async function* recordsOf(
  path: string,
  encoding: Encoding,
  complain: Complain,
): AsyncGenerator<Parsed> {
  const state = await packedState(path);
  let unclosed: string | undefined;
  const parser = parse({
    info: true,
    raw: true,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // A stray quote belongs to its cell, where it makes no number: the rows behind it are read on.
    relax_quotes: true,
    // A quote that is never closed takes the rest of the file with it, and no row before it.
    skip_records_with_error: true,
    on_skip: (_error: CsvError | undefined, raw?: unknown) => {
      unclosed = String(raw ?? "");
    },
  });
  const source = textOf(path, encoding, state);
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);

  let last: Parsed | undefined;
  for await (const parsed of parser as AsyncIterable<Parsed>) {
    if (last) yield last;
    last = parsed;
  }
  const end = endOf(state);
  const isCut =
    end !== undefined && unclosed === undefined && last !== undefined && !/[\r\n]$/.test(last.raw);
  if (last && !isCut) yield last;
  const next = (last?.info.lines ?? 0) + 1;
  if (unclosed !== undefined) {
    const blanks = /^[\r\n]*/.exec(unclosed)?.[0].match(/\r\n|\n|\r/g)?.length ?? 0;
    complain(next + blanks, "a quote that is never closed: nothing from here on is read");
  }
  if (end !== undefined) complain(isCut ? next - 1 : next, `${end}: the rows before it are read`);
}
