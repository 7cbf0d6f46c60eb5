import { type Clock, ConfigError, type Scope } from "@sunledger/runtime";
import {
  type Conditions,
  type OpenFrameStore,
  openDatabase,
  openFrameStore,
  postgresConditions,
  postgresRecords,
  type Records,
  whyAway,
} from "@sunledger/store";

export type StorePlace = {
  readonly databaseUrl: string;
  /** Absent: frames are in the database. */
  readonly framesUrl: string | undefined;
};

export type OpenStore = {
  readonly records: Records;
  readonly conditions: Conditions;
  readonly frameStore: OpenFrameStore;
};

const firstWaitMs = 250;
const longestWaitMs = 5_000;

/**
 * Opens the database and what is kept in it; as long as it is away that is tried again, more and more
 * rarely. `undefined` when the program is asked to stop first. Throws when these settings can never do.
 */
export async function awaitStore(
  place: StorePlace,
  pace: Pick<Clock, "wait">,
  scope: Scope,
): Promise<OpenStore | undefined> {
  const { log, signal } = scope;
  for (let waitMs = firstWaitMs; !signal.aborted; waitMs *= 2) {
    try {
      const store = await openStore(place, scope);
      if (waitMs > firstWaitMs) log.info("the database is there");
      return store;
    } catch (error) {
      if (whyAway(error) === undefined) throw unusable(error);
      if (waitMs === firstWaitMs) log.warn({ err: error }, "the database is away: trying again");
    }
    await pace.wait(Math.min(waitMs, longestWaitMs), signal);
  }
  return undefined;
}

async function openStore({ databaseUrl, framesUrl }: StorePlace, scope: Scope): Promise<OpenStore> {
  const database = await openDatabase(databaseUrl, {
    name: "sunledger-ingest",
    onError: (error) => scope.log.warn({ err: error }, "database"),
  });
  try {
    const records = postgresRecords(database);
    const frameStore = await openFrameStore(framesUrl, database, (error) =>
      scope.log.warn({ err: error }, "the store of time series takes no copy of counters"),
    );
    scope.onStop("records", () => records.close());
    scope.onStop("frame store", () => frameStore.close());
    return { records, conditions: postgresConditions(database), frameStore };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What is wrong is no absence: nobody but who set it up can mend it. */
function unusable(error: unknown): Error {
  if (error instanceof ConfigError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ConfigError(
    `the database cannot be used: ${message}; check SUNLEDGER_DATABASE_URL and SUNLEDGER_TIMESERIES_URL`,
    { cause: error },
  );
}
