import { type Database, openDatabase } from "../database.ts";
import { type EpochOutcome, type EpochQuestion, epochOutcome } from "./epoch-outcome.ts";
import type { FrameStore } from "./frame-store.ts";
import { openInfluxEngine } from "./influx/influx-engine.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";
import { type PackedDays, type PackOptions, packDays } from "./postgres-pack-days.ts";
import { postgresRollUps, type RollUps } from "./rollups/roll-ups.ts";
import type { SeriesEngine } from "./series/series-engine.ts";
import { seriesEpochOutcome } from "./series/series-epoch.ts";
import { seriesFrameStore } from "./series/series-frame-store.ts";
import { openVictoriaEngine } from "./victoria/victoria-engine.ts";

/** A store that was opened by its address, and how to let go of it. */
export type OpenFrameStore = FrameStore & {
  /** Packs old days; absent where the store does so by itself. */
  readonly packDays?: (options: PackOptions) => Promise<PackedDays>;
  /** What is made of the frames; absent where the store does so by itself. */
  readonly rollUps?: RollUps;
  /** Whether roll-ups are made of each frame: else they cannot take the place of what is forgotten. */
  readonly rollsUpAll?: boolean;
  /** Whose frames there are, for their upkeep. */
  readonly organisations?: () => Promise<readonly string[]>;
  close(): Promise<void>;
};

/** Tells what became of the frames of an epoch, wherever they are. */
export type EpochOutcomes = {
  epochOutcome(question: EpochQuestion): Promise<EpochOutcome>;
};

/** Opens the stores of time series by the schemes of their addresses. */
const engines: Readonly<Record<string, (address: string) => Promise<SeriesEngine>>> = {
  "influxdb+http:": openInfluxEngine,
  "influxdb+https:": openInfluxEngine,
  "victoriametrics+http:": openVictoriaEngine,
  "victoriametrics+https:": openVictoriaEngine,
};

/** Whether the address is that of a store of time series, beside which the database keeps what is settled. */
export function isSeriesAddress(address: string): boolean {
  return URL.canParse(address) && new URL(address).protocol in engines;
}

/**
 * The frame store at that address: a database of its own, a store of time series beside the database of the
 * records, or without an address that database alone. Throws one sentence for an address that names no store.
 * `onTrouble` hears of copies that a store of time series did not take.
 */
export async function openFrameStore(
  url: string | undefined,
  database: Database,
  onTrouble?: (error: unknown) => void,
): Promise<OpenFrameStore & EpochOutcomes> {
  if (url === undefined) return { ...inPostgres(database), close: async () => {} };

  const scheme = URL.canParse(url) ? new URL(url).protocol : "";
  if (scheme === "postgres:" || scheme === "postgresql:") {
    const own = await openDatabase(url, { name: "sunledger-frames" });
    return { ...inPostgres(own), close: own.close };
  }
  const openEngine = engines[scheme];
  if (openEngine) {
    const engine = await openEngine(url);
    const store = seriesFrameStore(database, engine, onTrouble);
    return {
      ...inPostgres(database),
      ...store,
      rollsUpAll: false, // it reads what is in the tables
      epochOutcome: (question) => seriesEpochOutcome(database, engine, question),
      async close() {
        await store.close();
        await engine.close();
      },
    };
  }
  const known = ["postgres:", ...Object.keys(engines)].map((name) => `${name}//`).join(", ");
  throw new Error(
    `the address of the frame store names no known store; known are ${known} (and no address: the ` +
      "database of the records)",
  );
}

function inPostgres(database: Database): Omit<OpenFrameStore, "close"> & EpochOutcomes {
  return {
    ...postgresFrameStore(database),
    packDays: (options) => packDays(database, options),
    epochOutcome: (question) => epochOutcome(database, question),
    rollUps: postgresRollUps(database),
    rollsUpAll: true,
    async organisations() {
      const { rows } = await database.pool.query<{ all: string[] }>(
        `select frame_organisations() as "all"`,
      );
      return rows[0]?.all ?? [];
    },
  };
}
