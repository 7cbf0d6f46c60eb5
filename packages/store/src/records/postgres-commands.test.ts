import { afterAll, beforeAll } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { sampleHouse } from "../testing/sample-house.ts";
import { commandsContract } from "./commands.contract.ts";
import { postgresAudit } from "./postgres-audit.ts";
import { postgresCommands } from "./postgres-commands.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase("commands test");
}, 120_000);
afterAll(() => db.close());

commandsContract("commands in PostgreSQL", async () => ({
  ...(await sampleHouse(db.database)),
  audit: postgresAudit(db.database),
  ...{ commands: postgresCommands(db.database, 10), mostAnswers: 10 },
}));
