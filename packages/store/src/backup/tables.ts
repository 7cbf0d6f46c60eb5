import type { Client } from "pg";
import { unfinishedMove } from "../unfinished-move.ts";

/** A table as a backup keeps it: the partitions of one are rows of it. */
export type Table = {
  readonly name: string;
  readonly columns: readonly string[];
  /** Held by policies: each organisation sees its own rows. */
  readonly isGuarded: boolean;
};

/** What says which version the tables are of stands in the head of a backup, not among the rows; of a move nothing is kept. */
const untold = ["migration", unfinishedMove];

/** Every table that there is, one before those that refer to it. */
export async function tablesOf(client: Client): Promise<readonly Table[]> {
  const { rows } = await client.query<Table & { readonly refersTo: readonly string[] }>(
    `select c.relname as name, c.relrowsecurity as "isGuarded",
            (select json_agg(a.attname order by a.attnum) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
            (select coalesce(json_agg(distinct t.relname), '[]') from pg_constraint k
               join pg_class t on t.oid = k.confrelid
              where k.contype = 'f' and k.conrelid = c.oid and k.confrelid <> c.oid) as "refersTo"
       from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and c.relname <> all($1)
      order by c.relname`,
    [untold],
  );
  const ordered: Table[] = [];
  const left = new Map(rows.map((row) => [row.name, row]));
  while (left.size > 0) {
    const free = [...left.values()].filter(({ refersTo }) => !refersTo.some((n) => left.has(n)));
    if (free.length === 0) throw new Error("tables refer to each other in a circle");
    for (const { name, columns, isGuarded } of free) {
      ordered.push({ name, columns, isGuarded });
      left.delete(name);
    }
  }
  return ordered;
}

/** The first instants of the months that frames have a partition for, Unix milliseconds. */
export async function monthsOf(client: Client): Promise<readonly number[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass('public.frame') order by 1`,
  );
  return rows.map(({ name }) => {
    const [, year, month] = /^frame_(\d+)_(\d\d)$/.exec(name) ?? [];
    if (!year || !month) throw new Error(`the table "frame" has an unknown part ${name}`);
    return Date.UTC(Number(year), Number(month) - 1);
  });
}

/** How far the counter of a column has come. */
export type Counter = {
  readonly table: string;
  readonly column: string;
  readonly last: string;
  readonly called: boolean;
};

export async function countersOf(client: Client): Promise<readonly Counter[]> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `select c.relname as table, a.attname as column,
            pg_get_serial_sequence(format('public.%I', c.relname), a.attname) as sequence
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and not a.attisdropped order by 1, 2`,
  );
  const counters: Counter[] = [];
  for (const { table, column, sequence } of rows) {
    const now = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    );
    const [state] = now.rows;
    if (state) counters.push({ table, column, ...state });
  }
  return counters;
}

export async function setCounter(client: Client, counter: Counter): Promise<void> {
  const { table, column, last, called } = counter;
  await client.query("select setval(pg_get_serial_sequence($1, $2), $3::bigint, $4)", [
    ...[`public.${quoted(table)}`, column, last, called],
  ]);
}

/** A name as SQL takes it, whatever it is. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
