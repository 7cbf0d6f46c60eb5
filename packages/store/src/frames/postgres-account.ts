import type { Range, SpanAccount } from "@sunledger/model";
import type { PoolClient } from "pg";
import { accountOf } from "./account.ts";
import type { AccountQuery } from "./frame-store.ts";
import { readMultirange } from "./multirange.ts";
import { takenCode } from "./settle.ts";

type Row = {
  readonly numbers: string;
  /** `[first, last]` of each span given up. */
  readonly gaps: readonly Range[] | null;
  /** How many numbers of each span are in quarantine, in the order of the spans. */
  readonly quarantined: readonly number[] | null;
};

/** Within a transaction that has entered the organisation. */
export async function readAccount(
  client: PoolClient,
  { gateway, epoch, lane, spans }: AccountQuery,
): Promise<readonly SpanAccount[]> {
  const { rows } = await client.query<Row>(
    `select s.numbers::text,
            (select json_agg(json_build_array(g.first, g.last)) from gap g where g.stream = s.number) as gaps,
            (select json_agg((select count(distinct q.sequence) from quarantine q
                where q.stream = s.number and q.sequence between w.low and w.high
                  and q.replayed is null and q.code <> $6
                  and not exists (select from gap g where g.stream = s.number
                        and q.sequence between g.first and g.last)) order by w.n)
               from unnest($4::bigint[], $5::bigint[]) with ordinality w(low, high, n)) as quarantined
       from settled s where s.gateway = $1 and s.epoch = $2 and s.lane = $3`,
    [gateway, epoch, lane, spans.map(([from]) => from), spans.map(([, to]) => to), takenCode],
  );
  const [row] = rows;
  return spans.map((span, i) =>
    accountOf(span, {
      settled: row ? readMultirange(row.numbers) : [],
      gaps: row?.gaps ?? [],
      quarantined: row?.quarantined?.[i] ?? 0,
    }),
  );
}
