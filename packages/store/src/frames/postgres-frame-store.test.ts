import { openTestDatabase } from "../testing/database-for-test.ts";
import { frameStoreContract } from "./frame-store.contract.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";

frameStoreContract("embedded PostgreSQL", async () => {
  const { database, close } = await openTestDatabase("frame store contract");
  return { store: postgresFrameStore(database), close };
});
