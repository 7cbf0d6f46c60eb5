import { type Database, openDatabase } from "../database.ts";
import type { FrameStore } from "./frame-store.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";

/** A store that was opened by its address, and how to let go of it. */
export type OpenFrameStore = FrameStore & { close(): Promise<void> };

const later = /^(influxdb|victoriametrics)\+https?:$/;

/**
 * The frame store at that address: a database of its own, or without an address the one that keeps
 * the records. Throws one sentence for an address that names no store.
 */
export async function openFrameStore(
  url: string | undefined,
  database: Database,
): Promise<OpenFrameStore> {
  if (url === undefined) return { ...postgresFrameStore(database), close: async () => {} };

  const scheme = URL.canParse(url) ? new URL(url).protocol : "";
  if (scheme === "postgres:" || scheme === "postgresql:") {
    const own = await openDatabase(url, { name: "sunledger-frames" });
    return { ...postgresFrameStore(own), close: own.close };
  }
  const supported = "supported is postgres:// (or no address: the database of the records)";
  if (later.test(scheme)) {
    throw new Error(`this build has no frame store for ${scheme}// yet; ${supported}`);
  }
  throw new Error(`the address of the frame store names no known store; ${supported}`);
}
