import { createHash } from "node:crypto";
import { QuarantineCode, topics } from "@sunledger/model";
import type { PoolClient } from "pg";
import type { FrameBatch, KeptAside, Quarantined, StoredFrame } from "./frame-store.ts";
import type { StreamNumber } from "./postgres-shelf.ts";
import type { Aside } from "./sift.ts";

/** Keeps frames whose key holds another frame (D-5). */
export async function keepAside(
  client: PoolClient,
  entries: readonly Aside[],
  numberOf: StreamNumber,
): Promise<void> {
  await client.query(
    `insert into conflict (organisation, stream, sequence, device, layout, at, differs, arrival, frame)
     select $1, w.* from unnest($2::int[], $3::bigint[], $4::uuid[], $5::text[], $6::bigint[],
                                $7::boolean[], $8::bigint[], $9::text[]) w
         on conflict do nothing`,
    [
      entries[0]?.batch.organisation,
      entries.map(({ batch }) => numberOf(batch)),
      entries.map(({ frame }) => frame.sequence),
      entries.map(({ frame }) => frame.device),
      entries.map(({ frame }) => frame.layout),
      entries.map(({ frame }) => frame.at),
      entries.map(({ differs }) => differs),
      entries.map(({ batch }) => batch.arrival),
      entries.map(({ frame }) => JSON.stringify(frame)),
    ],
  );
}

/**
 * Keeps rows that cannot be used (D-6). A numbered row that comes again is the same row; one without a
 * number happened again, and waits again though it was replayed.
 */
export async function quarantine(
  client: PoolClient,
  rows: readonly (Quarantined & { readonly batch: FrameBatch })[],
  numberOf: StreamNumber,
): Promise<void> {
  // One statement cannot count a row twice.
  const distinct = new Map(
    rows.map((row) => {
      const payload = JSON.stringify(row.payload) ?? "null";
      const digest = digestOf(row.sequence, payload);
      const stream = numberOf(row.batch);
      return [`${stream}/${digest}`, { ...row, payload, digest, stream }];
    }),
  );
  const kept = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await client.query(
    `insert into quarantine
            (organisation, stream, sequence, digest, code, reason, payload, arrival, topic)
     select $1, w.stream, w.sequence, decode(w.digest, 'hex'), w.code, w.reason, w.payload,
            w.arrival, w.topic
       from unnest($2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                   $7::text[], $8::bigint[], $9::text[])
            w(stream, sequence, digest, code, reason, payload, arrival, topic)
         on conflict (stream, digest) do update set count = quarantine.count + 1, replayed = null
            where quarantine.sequence is null`,
    [
      rows[0]?.batch.organisation,
      kept.map(({ stream }) => stream),
      kept.map(({ sequence }) => sequence ?? null),
      kept.map(({ digest }) => digest),
      kept.map(({ code }) => code),
      kept.map(({ reason }) => reason.replaceAll("\0", "")),
      kept.map(({ payload }) => payload),
      kept.map(({ batch }) => batch.arrival),
      kept.map(({ batch }) => topics.frames(batch.gateway)),
    ],
  );
}

function digestOf(sequence: number | undefined, payload: string): string {
  const hash = createHash("sha256").update(`${sequence ?? ""}\n${payload}`);
  return hash.digest("hex").slice(0, 32);
}

/** Keeps the spans that gateways gave up (D-9). */
export async function keepGaps(
  client: PoolClient,
  batches: readonly FrameBatch[],
  numberOf: StreamNumber,
): Promise<void> {
  const gaps = batches.flatMap((batch) => batch.gaps.map((gap) => ({ ...gap, batch })));
  await client.query(
    `insert into gap (organisation, stream, first, last, first_at, last_at, reason, arrival)
     select $1, w.* from unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                                $7::text[], $8::bigint[]) w
         on conflict do nothing`,
    [
      batches[0]?.organisation,
      gaps.map(({ batch }) => numberOf(batch)),
      gaps.map(({ from }) => from),
      gaps.map(({ to }) => to),
      gaps.map(({ fromAt }) => fromAt),
      gaps.map(({ toAt }) => toAt),
      gaps.map(({ reason }) => reason),
      gaps.map(({ batch }) => batch.arrival),
    ],
  );
}

type OfStream = Pick<FrameBatch, "epoch" | "lane">;

/** Everything kept aside of a gateway, within a transaction that has entered its organisation. */
export async function readAside(client: PoolClient, gateway: string): Promise<KeptAside> {
  const quarantined = await client.query<
    OfStream & { sequence: string | null; code: string; reason: string; payload: string }
  >(
    `select s.epoch, s.lane, q.sequence, q.code, q.reason, q.payload
       from quarantine q join settled s on s.number = q.stream
      where s.gateway = $1 and q.replayed is null order by q.stream, q.sequence, q.digest`,
    [gateway],
  );
  const conflicts = await client.query<OfStream & { frame: string }>(
    `select s.epoch, s.lane, c.frame from conflict c join settled s on s.number = c.stream
      where s.gateway = $1 and c.differs order by c.stream, c.sequence`,
    [gateway],
  );
  const gaps = await client.query<
    OfStream & { reason: KeptAside["gaps"][number]["reason"] } & Record<
        "first" | "last" | "first_at" | "last_at",
        string
      >
  >(
    `select s.epoch, s.lane, g.first, g.last, g.first_at, g.last_at, g.reason
       from gap g join settled s on s.number = g.stream
      where s.gateway = $1 order by g.stream, g.first, g.last`,
    [gateway],
  );
  return {
    quarantined: quarantined.rows.map(({ epoch, lane, sequence, code, reason, payload }) => ({
      epoch,
      lane,
      ...(sequence !== null && { sequence: Number(sequence) }),
      code: QuarantineCode.parse(code),
      reason,
      payload: JSON.parse(payload) as unknown,
    })),
    conflicts: conflicts.rows.map(({ epoch, lane, frame }) => {
      return { epoch, lane, frame: JSON.parse(frame) as StoredFrame };
    }),
    gaps: gaps.rows.map(({ epoch, lane, reason, ...span }) => ({
      epoch,
      lane,
      reason,
      from: Number(span.first),
      to: Number(span.last),
      fromAt: Number(span.first_at),
      toAt: Number(span.last_at),
    })),
  };
}
