import { type Database, openDatabase } from "../database.ts";
import type { FrameStore } from "./frame-store.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";
import { type PackedDays, type PackOptions, packDays } from "./postgres-pack-days.ts";
import { postgresRollUps, type RollUps } from "./rollups/roll-ups.ts";

/** A store that was opened by its address, and how to let go of it. */
export type OpenFrameStore = FrameStore & {
  /** Packs old days; absent where the store does so by itself. */
  readonly packDays?: (options: PackOptions) => Promise<PackedDays>;
  /** What is made of the frames; absent where the store does so by itself. */
  readonly rollUps?: RollUps;
  close(): Promise<void>;
};

const later = /^(influxdb|victoriametrics)\+https?:$/;

/**
 * The frame store at that address: a database of its own, or without an address the one that keeps
 * the records. Throws one sentence for an address that names no store.
 */
export async function openFrameStore(
  url: string | undefined,
  database: Database,
): Promise<OpenFrameStore> {
  if (url === undefined) return { ...inPostgres(database), close: async () => {} };

  const scheme = URL.canParse(url) ? new URL(url).protocol : "";
  if (scheme === "postgres:" || scheme === "postgresql:") {
    const own = await openDatabase(url, { name: "sunledger-frames" });
    return { ...inPostgres(own), close: own.close };
  }
  const supported = "supported is postgres:// (or no address: the database of the records)";
  if (later.test(scheme)) {
    throw new Error(`this build has no frame store for ${scheme}// yet; ${supported}`);
  }
  throw new Error(`the address of the frame store names no known store; ${supported}`);
}

function inPostgres(database: Database): Omit<OpenFrameStore, "close"> {
  return {
    ...postgresFrameStore(database),
    packDays: (options) => packDays(database, options),
    rollUps: postgresRollUps(database),
  };
}
