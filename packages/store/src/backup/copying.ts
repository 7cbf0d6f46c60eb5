import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { from, to } from "pg-copy-streams";
import { quoted, type Table } from "./tables.ts";

/** The table's rows as the session sees them, in PostgreSQL's binary COPY: never more of them in memory than a piece. */
export function copyOut(client: Client, table: Table, where = ""): AsyncIterable<Buffer> {
  const columns = table.columns.map(quoted).join(", ");
  const query = `select ${columns} from public.${quoted(table.name)} ${where}`;
  return client.query(to(`copy (${query}) to stdout (format binary)`));
}

/** Puts a stream of binary COPY into the table, the whole of it or nothing. */
export async function copyIn(
  client: Client,
  { name, columns }: Pick<Table, "name" | "columns">,
  pieces: AsyncIterable<Buffer>,
): Promise<void> {
  const into = `public.${quoted(name)} (${columns.map(quoted).join(", ")})`;
  const target = client.query(from(`copy ${into} from stdin (format binary)`));
  await pipeline(Readable.from(pieces, { objectMode: false }), target);
}
