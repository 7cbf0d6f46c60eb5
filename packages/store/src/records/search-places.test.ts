import { afterAll, beforeAll } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { postgresRecords } from "./postgres-records.ts";
import { searchContract } from "./search.contract.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase("search test");
}, 120_000);
afterAll(() => db.close());

searchContract("the search in PostgreSQL", async () => postgresRecords(db.database));
