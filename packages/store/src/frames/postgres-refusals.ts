import { type Flag, Lane, QuarantineCode } from "@sunledger/model";
import type { PoolClient } from "pg";
import { readColumns, type ValueColumns } from "./columns.ts";
import type { StoredFrame } from "./frame-store.ts";
import type { Layouts } from "./postgres-layouts.ts";
import { type PackedFrame, packedFrameAt } from "./postgres-packed-reading.ts";
import {
  conflictsBetween,
  excerptLength,
  type KeptGap,
  type PointConflict,
  type QuarantineGroup,
  type RefusalQuery,
} from "./refusals.ts";

type GroupRow = {
  readonly gateway: string;
  readonly topic: string;
  readonly lane: string;
  readonly code: string;
  readonly reason: string;
  readonly count: string;
  readonly first: string;
  readonly last: string;
  readonly excerpt: string;
};

/** Within a transaction that has entered the organisation. */
export async function readQuarantined(
  client: PoolClient,
  { gateways, most, skip }: RefusalQuery,
): Promise<readonly QuarantineGroup[]> {
  const { rows } = await client.query<GroupRow>(
    `select s.gateway, q.topic, s.lane, q.code, q.reason, sum(q.count) as count,
            min(q.arrival) as first, max(q.arrival) as last,
            (array_agg(left(q.payload, $2) order by q.arrival desc, q.digest))[1] as excerpt
       from quarantine q join settled s on s.number = q.stream
      where s.gateway = any($1) and q.replayed is null
      group by s.gateway, q.topic, s.lane, q.code, q.reason
      order by last desc, s.gateway, s.lane, q.reason limit $3 offset $4`,
    [gateways, excerptLength, most, skip],
  );
  return rows.map(({ gateway, topic, lane, code, reason, count, first, last, excerpt }) => ({
    ...{
      gateway,
      topic,
      lane: Lane.parse(lane),
      code: QuarantineCode.parse(code),
      reason,
      count: Number(count),
    },
    ...{ firstAt: Number(first), lastAt: Number(last), excerpt },
  }));
}

type ConflictRow = ValueColumns & {
  readonly layout: string;
  readonly arrival: string;
  readonly frame: string;
  /** Whether the frame that holds the key stands open. */
  readonly held: boolean;
};

/** What holds the key of a refused frame, found somewhere else than in the tables. */
export type HeldElsewhere = (
  refused: StoredFrame,
  points: readonly string[],
) => Promise<Pick<StoredFrame, "values" | "quality"> | undefined>;

/** Within a transaction that has entered the organisation. */
export async function readConflicts(
  client: PoolClient,
  layouts: Layouts,
  { gateways, most, skip }: RefusalQuery,
  heldElsewhere: HeldElsewhere = async () => undefined,
): Promise<readonly (readonly PointConflict[])[]> {
  const { rows } = await client.query<ConflictRow>(
    `select c.layout, c.arrival, c.frame, f.at is not null as held,
            f.gauges::text, f.counters::text, f.exact::text, encode(f.quality, 'hex') as quality
       from (select c.* from conflict c join settled s on s.number = c.stream
              where s.gateway = any($1) and c.differs
              order by c.arrival desc, c.sequence desc, c.stream limit $2 offset $3) c
       left join frame_device d on d.device = c.device
       left join layout l on l.hash = c.layout
       left join frame f on f.device = d.number and f.layout = l.number and f.at = c.at
      order by c.arrival desc, c.sequence desc, c.stream`,
    [gateways, most, skip],
  );
  const known = await layouts.all(rows.map(({ layout }) => layout));
  const told: (readonly PointConflict[])[] = [];
  for (const row of rows) {
    const points = known.get(row.layout)?.points ?? [];
    const refused = JSON.parse(row.frame) as StoredFrame;
    const holder = row.held ? readColumns(row) : await packedFrameAt(client, refused);
    const kept = holder ? keptOf(holder, points.length) : await heldElsewhere(refused, points);
    told.push(conflictsBetween(refused, kept, { points, arrival: Number(row.arrival) }));
  }
  return told;
}

function keptOf(
  { values, flagAt }: Pick<PackedFrame, "values" | "flagAt">,
  length: number,
): Pick<StoredFrame, "values" | "quality"> {
  const quality: Record<number, Flag> = {};
  for (let i = 0; i < length; i += 1) {
    const flag = flagAt(i);
    if (flag) quality[i] = flag;
  }
  return { values, quality };
}

type GapRow = {
  readonly gateway: string;
  readonly lane: string;
  readonly reason: KeptGap["reason"];
} & Readonly<Record<"first" | "last" | "first_at" | "last_at" | "arrival", string>>;

/** Within a transaction that has entered the organisation. */
export async function readGaps(
  client: PoolClient,
  { gateways, most, skip }: RefusalQuery,
): Promise<readonly KeptGap[]> {
  const { rows } = await client.query<GapRow>(
    `select s.gateway, s.lane, g.reason, g.first, g.last, g.first_at, g.last_at, g.arrival
       from gap g join settled s on s.number = g.stream
      where s.gateway = any($1)
      order by g.last_at desc, g.first desc, g.stream limit $2 offset $3`,
    [gateways, most, skip],
  );
  return rows.map(({ gateway, lane, reason, ...span }) => ({
    ...{ gateway, lane: Lane.parse(lane), reason, arrival: Number(span.arrival) },
    ...{ from: Number(span.first), to: Number(span.last) },
    ...{ fromAt: Number(span.first_at), toAt: Number(span.last_at) },
  }));
}
