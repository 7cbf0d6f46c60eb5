import { afterAll, beforeAll } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { conditionsContract } from "./conditions.contract.ts";
import { postgresConditions } from "./postgres-conditions.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase("conditions");
}, 120_000);

afterAll(() => db?.close());

conditionsContract(() => postgresConditions(db.database));
