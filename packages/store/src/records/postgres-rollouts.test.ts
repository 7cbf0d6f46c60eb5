import { afterAll, beforeAll } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { sampleHouse } from "../testing/sample-house.ts";
import { postgresAudit } from "./postgres-audit.ts";
import { postgresRollouts } from "./postgres-rollouts.ts";
import { rolloutsContract } from "./rollouts.contract.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase("rollouts test");
}, 120_000);
afterAll(() => db.close());

rolloutsContract("roll-outs in PostgreSQL", async () => ({
  ...(await sampleHouse(db.database)),
  audit: postgresAudit(db.database),
  rollouts: postgresRollouts(db.database),
}));
