import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ConfigError } from "@sunledger/runtime";
import { parse } from "csv-parse";
import type { Complain, Table, TableRow } from "./table.ts";

type Parsed = { readonly record: string[]; readonly info: { readonly lines: number } };

/** A CSV file, gzipped or not, whose first line names its columns. */
export async function csvTable(path: string, complain: Complain): Promise<Table> {
  const records = recordsOf(path)[Symbol.asyncIterator]();
  const head = await records.next();
  if (head.done) throw new ConfigError(`the file ${path} is empty`);
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

async function* recordsOf(path: string): AsyncGenerator<Parsed> {
  const parser = parse({
    info: true,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // A stray quote belongs to its cell, where it makes no number: the rows behind it are read on.
    relax_quotes: true,
  });
  const source = textOf(path);
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  yield* parser as AsyncIterable<Parsed>;
}

/** The file's bytes, unpacked. */
export function textOf(path: string): Readable {
  const file = createReadStream(path);
  if (!path.endsWith(".gz")) return file;
  const unpacked = createGunzip();
  file.on("error", (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}
