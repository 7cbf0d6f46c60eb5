import {
  type Database,
  openDatabase,
  openFrameStore,
  postgresRecords,
  unpackOne,
} from "@sunledger/store";
import type { PoolClient } from "pg";

/** What is stored of one gateway, epoch and lane. */
export type StoredStream = {
  readonly gateway: string;
  readonly epoch: string;
  readonly lane: string;
  /** The settled sequence numbers, as PostgreSQL writes them. */
  readonly settled: string;
  readonly upTo: number;
  readonly frames: number;
  readonly distinct: number;
  /** What waits in quarantine: what was replayed from there is a frame. */
  readonly quarantined: number;
  readonly conflicts: number;
  readonly givenUp: number;
};

/** What is known of a frame beside its values. */
export type StoredFrame = {
  /** The store's own number of its device. */
  readonly device: number;
  readonly lane: string;
  readonly sequence: number;
  readonly at: number;
  readonly clock: "synced" | "unsynced" | "corrected";
};

export type StoredHouse = Awaited<ReturnType<typeof openStored>>;

/**
 * Looks into a house's database beside its programs, under row-level security as they do; its frames may be
 * elsewhere, as `SUNLEDGER_TIMESERIES_URL` says it.
 */
export async function openStored(
  databaseUrl: string,
  organisationName = "Sunledger Demo",
  framesUrl?: string,
) {
  const database = await openDatabase(databaseUrl, { name: "sunledger-test", most: 2 });
  const records = postgresRecords(database);
  const organisation = await records.organisation(organisationName);
  const store = await openFrameStore(framesUrl, database);
  return {
    organisation,
    records,
    store,
    streams: () => within(database, organisation, storedStreams),
    /** Of a gateway, as far as they are not packed. */
    frames: (gateway: string) =>
      within(database, organisation, async (client) => {
        const { rows } = await client.query<StoredFrame>(framesQuery, [gateway]);
        return rows.map((row) => ({ ...row, sequence: Number(row.sequence), at: Number(row.at) }));
      }),
    async close() {
      await store.close();
      await database.close();
    },
  };
}

async function within<T>(
  database: Database,
  organisation: string,
  task: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('sunledger.organisation', $1, true)", [organisation]);
    const found = await task(client);
    await client.query("commit");
    return found;
  } finally {
    client.release();
  }
}

async function storedStreams(client: PoolClient): Promise<StoredStream[]> {
  const { rows } = await client.query<StoredStream & { readonly number: number }>(streamsQuery);
  const packed = await packedSequences(client);
  return rows.map(({ number, ...row }) => {
    const own = packed.get(number) ?? [];
    const distinct = row.distinct + new Set(own).size;
    return { ...row, frames: row.frames + own.length, distinct };
  });
}

/** The sequence numbers of the frames in packed days, by their streams; a frame is open or packed. */
async function packedSequences(client: PoolClient): Promise<ReadonlyMap<number, number[]>> {
  const { rows } = await client.query<{ bytes: Buffer; bounds: number[] }>(
    "select columns as bytes, bounds from packed_day",
  );
  const found = new Map<number, number[]>();
  for (const chunk of rows) {
    const [sequences, streams] = [unpackOne(chunk, 1).numbers, unpackOne(chunk, 2).numbers];
    for (const [row, stream] of streams.entries()) {
      const own = found.get(stream) ?? [];
      found.set(stream, own);
      own.push(sequences[row] as number);
    }
  }
  return found;
}

const streamsQuery = `
  select s.number, s.gateway, s.epoch, s.lane, s.numbers::text as settled,
         coalesce(upper(s.numbers) - 1, 0)::int as "upTo",
         (select count(*)::int from frame f where f.stream = s.number) as frames,
         (select count(distinct f.sequence)::int from frame f where f.stream = s.number) as distinct,
         (select count(*)::int from quarantine q
           where q.stream = s.number and q.replayed is null) as quarantined,
         (select count(*)::int from conflict c where c.stream = s.number) as conflicts,
         (select coalesce(sum(g.last - g.first + 1), 0)::int from gap g where g.stream = s.number) as "givenUp"
    from settled s
   order by s.gateway, s.lane`;

/** The first byte of the quality is the clock's; without one it was synchronised. */
const framesQuery = `
  select f.device, s.lane, f.sequence, f.at,
         (array['synced', 'unsynced', 'corrected'])[coalesce(get_byte(f.quality, 0), 0) + 1] as clock
    from frame f join settled s on s.number = f.stream
   where s.gateway = $1`;
