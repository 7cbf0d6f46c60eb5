import type { Scope } from "@sunledger/runtime";
import {
  openDatabase,
  openFrameStore,
  postgresAudit,
  postgresCommands,
  postgresConditions,
  postgresConfigurations,
  postgresLease,
  postgresRecords,
  postgresRollouts,
} from "@sunledger/store";
import type { Store } from "./coming-store.ts";
import { openIdentity } from "./identity/open-identity.ts";

export type StorePlace = {
  readonly databaseUrl: string;
  /** Absent: frames are in the database. */
  readonly framesUrl: string | undefined;
  /** Signs the cookies. */
  readonly secret: string;
  readonly publicUrl: string;
};

/** Opens the database and what is kept in it; rejects when that cannot be done now. */
export async function openStore(place: StorePlace, scope: Scope): Promise<Store> {
  const { databaseUrl, framesUrl, secret, publicUrl } = place;
  const database = await openDatabase(databaseUrl, {
    name: "sunledger-api",
    onError: (err) => scope.log.warn({ err }, "database"),
  });
  try {
    const frames = await openFrameStore(framesUrl, database);
    const records = postgresRecords(database);
    const identity = await openIdentity({ database, records, publicUrl, secret });
    scope.onStop("database", () => database.close());
    const lease = postgresLease(database, "orders");
    scope.onStop("lease of orders", () => lease.close());
    scope.onStop("frames", () => frames.close());
    return {
      ...{ records, frames, identity, ask: () => database.pool.query("select 1") },
      commands: postgresCommands(database),
      configurations: postgresConfigurations(database),
      rollouts: postgresRollouts(database),
      audit: postgresAudit(database),
      conditions: postgresConditions(database),
      lease,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
