import {
  type Database,
  type FrameStore,
  migrate,
  openDatabase,
  packDays,
  postgresFrameStore,
} from "@sunledger/store";
import { frameStoreContract } from "@sunledger/store/contract";
import { describe } from "vitest";
import { hasPostgres15, startPostgres15 } from "../support/debian-postgres.ts";
import { makeRoles } from "../support/server-roles.ts";

describe.runIf(hasPostgres15)("on the floor of the dialect", () => {
  frameStoreContract("PostgreSQL 15", () => open(postgresFrameStore));
  frameStoreContract("PostgreSQL 15, each day packed at once", () => open(packingAtOnce));
});

async function open(storeOf: (database: Database) => FrameStore) {
  const server = await startPostgres15();
  const { ownerUrl, appUrl } = await makeRoles(server.url);
  await migrate(ownerUrl);
  const database = await openDatabase(appUrl, { name: "contract" });
  return {
    store: storeOf(database),
    again: () => storeOf(database),
    async close() {
      await database.close();
      await server.stop();
    },
  };
}

function packingAtOnce(database: Database): FrameStore {
  const store = postgresFrameStore(database);
  const before = Date.UTC(9999, 11, 31) + 86_400_000;
  return {
    ...store,
    async write(batches) {
      const outcomes = await store.write(batches);
      for (const { organisation } of batches) await packDays(database, { organisation, before });
      return outcomes;
    },
  };
}
