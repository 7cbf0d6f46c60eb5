import type { Database } from "../database.ts";
import type { Records } from "./records.ts";

/** Keeps records in PostgreSQL. */
export function postgresRecords(_database: Database): Records {
  throw new Error("not built");
}
