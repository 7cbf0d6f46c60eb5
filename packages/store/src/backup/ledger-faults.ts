import type { Client } from "pg";

/** Rows whose number is not settled, though both were committed together (D-4). */
export type LedgerFault = { readonly table: string; readonly rows: number };

/**
 * Compares what is kept with what is settled, over all organisations: a store that was taken down in the
 * middle of a commit would show here. Its asker must see every row.
 */
export async function ledgerFaults(client: Client): Promise<readonly LedgerFault[]> {
  const { rows } = await client.query<{ table: string; rows: string }>(question);
  return rows.map(({ table, rows }) => ({ table, rows: Number(rows) })).filter((f) => f.rows > 0);
}

const question = `
  select 'frame' as table, count(*) as rows from frame f
    left join settled s on s.number = f.stream
   where s.number is null or not s.numbers @> f.sequence
  union all
  select 'conflict', count(*) from conflict c left join settled s on s.number = c.stream
   where s.number is null or not s.numbers @> c.sequence
  union all
  select 'gap', count(*) from gap g left join settled s on s.number = g.stream
   where s.number is null or not s.numbers @> int8range(g.first, g.last, '[]')
  union all
  select 'packed_day', count(*) from packed_day p
   where not exists (select from device_layout u where u.device = p.device and u.layout = p.layout)`;
