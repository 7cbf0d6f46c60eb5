import type { Database } from "../database.ts";
import type { FrameStore } from "./frame-store.ts";

/** Keeps frames in PostgreSQL. */
export function postgresFrameStore(_database: Database): FrameStore {
  throw new Error("not built");
}
