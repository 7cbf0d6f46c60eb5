import { Lane, QuarantineCode } from "@sunledger/model";
import type { PoolClient } from "pg";
import type { QuarantinedRow, QuarantineQuery } from "./refusals.ts";

type Row = {
  readonly stream: number;
  readonly digest: string;
  readonly sequence: string | null;
  readonly epoch: string;
  readonly lane: string;
  readonly topic: string;
  readonly code: string;
  readonly reason: string;
  readonly payload: string;
};

/** Within a transaction that has entered the organisation. */
export async function readQuarantinedRows(
  client: PoolClient,
  { gateway, code, after, most }: QuarantineQuery,
): Promise<readonly QuarantinedRow[]> {
  const [stream, sequence, digest] = after === undefined ? [0, 0, ""] : partsOf(after);
  const { rows } = await client.query<Row>(
    `select q.stream, encode(q.digest, 'hex') as digest, q.sequence, s.epoch, s.lane,
            q.topic, q.code, q.reason, q.payload
       from quarantine q join settled s on s.number = q.stream
      where s.gateway = $1 and q.replayed is null and ($2::text is null or q.code = $2)
        and (q.stream, coalesce(q.sequence, 0), q.digest) > ($3, $4, decode($5, 'hex'))
      order by q.stream, coalesce(q.sequence, 0), q.digest limit $6`,
    [gateway, code ?? null, stream, sequence, digest, most],
  );
  return rows.map(({ stream, sequence, digest, epoch, lane, code, payload, ...rest }) => ({
    id: `${stream}/${sequence ?? 0}/${digest}`,
    ...{ epoch, lane: Lane.parse(lane), ...rest },
    ...(sequence !== null && { sequence: Number(sequence) }),
    code: QuarantineCode.parse(code),
    payload: JSON.parse(payload) as unknown,
  }));
}

type Out = { readonly stream: number; readonly at: number; readonly ids: readonly string[] };

/** Marks rows of a locked stream as replayed; answers the numbers of those that were not yet. */
export async function takeOut(
  client: PoolClient,
  { stream, at, ids }: Out,
): Promise<ReadonlySet<number>> {
  const digests = ids.map(partsOf).flatMap(([of, , digest]) => (of === stream ? [digest] : []));
  const { rows } = await client.query<{ sequence: string | null }>(
    `update quarantine set replayed = $2
      where stream = $1 and replayed is null
        and digest in (select decode(d, 'hex') from unnest($3::text[]) d)
      returning sequence`,
    [stream, at, digests],
  );
  return new Set(rows.flatMap(({ sequence }) => (sequence === null ? [] : [Number(sequence)])));
}

function partsOf(id: string): [stream: number, sequence: number, digest: string] {
  const [stream = "", sequence = "", digest = ""] = id.split("/");
  return [Number(stream), Number(sequence), digest];
}
