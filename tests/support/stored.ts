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
  readonly quarantined: number;
  readonly conflicts: number;
  readonly givenUp: number;
};

export type StoredHouse = Awaited<ReturnType<typeof openStored>>;

/** Looks into a house's database beside its programs, under row-level security as they do. */
export async function openStored(databaseUrl: string, organisationName = "Sunledger Demo") {
  const database = await openDatabase(databaseUrl, { name: "sunledger-test", most: 2 });
  const records = postgresRecords(database);
  const organisation = await records.organisation(organisationName);
  const store = await openFrameStore(undefined, database);
  return {
    organisation,
    records,
    store,
    streams: () => storedStreams(database, organisation),
    async close() {
      await store.close();
      await database.close();
    },
  };
}

async function storedStreams(database: Database, organisation: string): Promise<StoredStream[]> {
  const client = await database.pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('sunledger.organisation', $1, true)", [organisation]);
    const { rows } = await client.query<StoredStream & { readonly number: number }>(streamsQuery);
    const packed = await packedSequences(client);
    await client.query("commit");
    return rows.map(({ number, ...row }) => {
      const own = packed.get(number) ?? [];
      const distinct = row.distinct + new Set(own).size;
      return { ...row, frames: row.frames + own.length, distinct };
    });
  } finally {
    client.release();
  }
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
         (select count(*)::int from quarantine q where q.stream = s.number) as quarantined,
         (select count(*)::int from conflict c where c.stream = s.number) as conflicts,
         (select coalesce(sum(g.last - g.first + 1), 0)::int from gap g where g.stream = s.number) as "givenUp"
    from settled s
   order by s.gateway, s.lane`;
