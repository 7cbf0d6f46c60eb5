import type { PoolClient } from "pg";
import { type Database, readOrganisation } from "../database.ts";
import { unpackColumn } from "../packing/column.ts";
import { placeOf } from "./packed-frames.ts";
import { columnBytes, hasPacked } from "./postgres-packed-columns.ts";

/** What became of the numbered frames that a gateway sent in one epoch: each is in one of the four. */
export type EpochOutcome = {
  /** Stored: there was nothing of that device, time and layout. */
  readonly fresh: number;
  /** The very same was there already, under another number. */
  readonly known: number;
  /** Something else is there of that device, time and layout: kept aside (D-5). */
  readonly conflicts: number;
  /** Could not be used: kept with the reason (D-6). */
  readonly quarantined: number;
};

export type EpochQuestion = {
  readonly organisation: string;
  readonly gateway: string;
  readonly epoch: string;
  /** When its frames were measured: Unix milliseconds, both inclusive. */
  readonly from: number;
  readonly to: number;
};

type Row = Record<"settled" | "fresh" | "conflicts" | "quarantined", string>;

/**
 * What the store has of an epoch, both lanes together; `beside` is how many of its frames stand elsewhere than
 * in the tables. Spans that the gateway gave up count as nothing.
 */
export async function epochOutcome(
  { pool }: Database,
  { organisation, gateway, epoch, from, to }: EpochQuestion,
  beside = 0,
): Promise<EpochOutcome> {
  const asked = [gateway, epoch, from, to] as const;
  const [row, packed] = await readOrganisation(pool, organisation, async (client) => {
    const { rows } = await client.query<Row>(question, [...asked]);
    const some = await hasPacked(client, { from, to });
    return [rows[0], some ? await packedOf(client, asked) : 0] as const;
  });
  const of = (name: keyof Row) => Number(row?.[name] ?? 0);
  const [fresh, conflicts] = [of("fresh") + packed + beside, of("conflicts")];
  const quarantined = of("quarantined");
  return { fresh, known: of("settled") - fresh - conflicts - quarantined, conflicts, quarantined };
}

// By the layouts that each device ever used: frames are found by device, layout and time.
const question = `
  with stream as (
    select number, numbers from settled where gateway = $1 and epoch = $2)
  select (select coalesce(sum(upper(span) - lower(span)), 0)
            from stream s cross join unnest(s.numbers) span)
       - (select coalesce(sum(g.last - g.first + 1), 0)
            from gap g join stream s on s.number = g.stream) as settled,
         (select count(*) from device_layout u
            join frame f on f.device = u.device and f.layout = u.layout and f.at between $3 and $4
           where f.stream in (select number from stream)) as fresh,
         (select count(*) from conflict c join stream s on s.number = c.stream
           where c.differs) as conflicts,
         (select count(*) from quarantine q join stream s on s.number = q.stream
           where q.sequence <@ s.numbers and q.replayed is null) as quarantined`;

/** How many frames of the epoch stand in packed days, day by day of each device and layout. */
async function packedOf(
  client: PoolClient,
  [gateway, epoch, from, to]: readonly [string, string, number, number],
): Promise<number> {
  const { rows } = await client.query<{ streams: number[] | null; times: Buffer; of: Buffer }>(
    `select s.streams, ${columnBytes(placeOf("at"))} as times, ${columnBytes(placeOf("stream"))} as of
       from (select array_agg(number) as streams from settled where gateway = $1 and epoch = $2) s
       join packed_day p on p.first <= $4 and p.last >= $3`,
    [gateway, epoch, from, to],
  );
  return rows.reduce((sum, { streams, times, of }) => {
    const [ats, numbers] = [unpackColumn(times).numbers, unpackColumn(of).numbers];
    const own = ats.filter((at, row) => {
      return at >= from && at <= to && streams?.includes(numbers[row] as number);
    });
    return sum + own.length;
  }, 0);
}
