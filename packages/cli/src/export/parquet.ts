import type { Writable } from "node:stream";
import { ByteWriter, parquetWriteRows } from "hyparquet-writer";
import type { ExportRow } from "./rows.ts";

/** No more rows than that are held in memory at once. */
const rowsAGroup = 100_000;

/**
 * Writes the rows as one Parquet file to a stream, a group of rows at a time, no faster than the stream takes them; rejects when the stream fails. `value` is the
 * double nearest to the value; `digits` are those of a counter that a double does not hold.
 */
export async function exportParquet(rows: AsyncIterable<ExportRow>, to: Writable): Promise<void> {
  await parquetWriteRows({
    writer: streamWriter(to),
    rows: columnsOf(rows),
    columns: [
      { name: "device", type: "STRING", nullable: false },
      { name: "point", type: "STRING", nullable: false },
      { name: "time", type: "TIMESTAMP", nullable: false },
      { name: "value", type: "DOUBLE" },
      { name: "digits", type: "STRING" },
      { name: "quality", type: "STRING", nullable: false },
    ],
    rowGroupSize: rowsAGroup,
    createdBy: "sunledger",
  });
}

async function* columnsOf(rows: AsyncIterable<ExportRow>) {
  for await (const { device, point, time, value, quality } of rows) {
    yield {
      ...{ device, point, quality, time: new Date(time) },
      ...{ value: value === null ? null : Number(value), digits: digitsOf(value) },
    };
  }
}

function digitsOf(value: ExportRow["value"]): string | null {
  return typeof value === "string" && String(Number(value)) !== value ? value : null;
}

/** Hands what was written to the stream when a group is whole. */
function streamWriter(to: Writable): ByteWriter & { flush(): Promise<void> } {
  const writer = new ByteWriter();
  const flush = () => {
    const bytes = writer.getBytes().slice(); // the buffer is written over
    writer.index = 0;
    // Not by "drain": whoever has gone away lets none come.
    return new Promise<void>((resolve, reject) => {
      to.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  };
  return Object.assign(writer, { flush, finish: flush });
}
