import { afterAll, beforeAll } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { sampleHouse } from "../testing/sample-house.ts";
import { configurationsContract } from "./configurations.contract.ts";
import { postgresAudit } from "./postgres-audit.ts";
import { postgresConfigurations } from "./postgres-configurations.ts";
import { postgresRollouts } from "./postgres-rollouts.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase("configurations test");
}, 120_000);
afterAll(() => db.close());

configurationsContract("configurations in PostgreSQL", async () => ({
  ...(await sampleHouse(db.database)),
  audit: postgresAudit(db.database),
  configurations: postgresConfigurations(db.database),
  rollouts: postgresRollouts(db.database),
}));
