import { migrate, openDatabase, postgresFrameStore } from "@sunledger/store";
import { frameStoreContract } from "@sunledger/store/contract";
import { describe } from "vitest";
import { hasPostgres15, startPostgres15 } from "../support/debian-postgres.ts";
import { makeRoles } from "../support/server-roles.ts";

describe.runIf(hasPostgres15)("on the floor of the dialect", () => {
  frameStoreContract("PostgreSQL 15", async () => {
    const server = await startPostgres15();
    const { ownerUrl, appUrl } = await makeRoles(server.url);
    await migrate(ownerUrl);
    const database = await openDatabase(appUrl, { name: "contract" });
    return {
      store: postgresFrameStore(database),
      async close() {
        await database.close();
        await server.stop();
      },
    };
  });
});
