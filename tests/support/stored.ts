import { type Database, openDatabase, openFrameStore, postgresRecords } from "@sunledger/store";

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
    const { rows } = await client.query<StoredStream>(streamsQuery);
    await client.query("commit");
    return rows;
  } finally {
    client.release();
  }
}

const streamsQuery = `
  select s.gateway, s.epoch, s.lane, s.numbers::text as settled,
         coalesce(upper(s.numbers) - 1, 0)::int as "upTo",
         (select count(*)::int from frame f where f.stream = s.number) as frames,
         (select count(distinct f.sequence)::int from frame f where f.stream = s.number) as distinct,
         (select count(*)::int from quarantine q where q.stream = s.number) as quarantined,
         (select count(*)::int from conflict c where c.stream = s.number) as conflicts,
         (select coalesce(sum(g.last - g.first + 1), 0)::int from gap g where g.stream = s.number) as "givenUp"
    from settled s
   order by s.gateway, s.lane`;
