import { join } from "node:path";
import type { Clock } from "@sunledger/runtime";
import { migrate } from "@sunledger/store";
import { messageOf, PlainError } from "../plain-error.ts";
import type { HouseSettings } from "../settings.ts";
import { unusable } from "../unusable-database.ts";
import type { DataFolder } from "./data-folder.ts";
import { eventLog } from "./event-log.ts";
import { keepPostgres } from "./kept-postgres.ts";
import type { RunningProgram } from "./running-house.ts";

export type HouseDatabase = {
  /** For the programs: a role that row-level security holds. */
  readonly url: string;
  /** The role that owns the tables. */
  readonly ownerUrl: string;
  /** Past every policy: for the server's own tools. Absent where the server is not ours. */
  readonly superuserUrl?: string;
  /** Its server, where that is ours. */
  processes(): RunningProgram[];
  stop(): Promise<void>;
};

type Parts = {
  /** Whether the embedded one's data may be moved where its server cannot be run else. */
  readonly mayMove?: boolean;
  readonly settings: HouseSettings;
  readonly folder: DataFolder;
  readonly clock: Clock;
  /** Hears when the embedded server was lost. */
  readonly onLoss?: (reason: string) => void;
  readonly onChange?: () => void;
};

/** The database that was named, or the embedded one, with its tables as this version wants them. */
export async function openHouseDatabase(parts: Parts): Promise<HouseDatabase> {
  const database = await startHouseDatabase({ ...parts, mayMove: true });
  try {
    await migrate(database.ownerUrl);
    return database;
  } catch (error) {
    await database.stop();
    throw unusable(database.ownerUrl, error, parts.settings.SUNLEDGER_DATABASE_URL === undefined);
  }
}

/** The database that was named, or the embedded one, as it is. */
export async function startHouseDatabase(parts: Parts): Promise<HouseDatabase> {
  const { settings, folder, clock, ...more } = parts;
  const url = settings.SUNLEDGER_DATABASE_URL;
  if (url !== undefined) {
    const ownerUrl = settings.SUNLEDGER_DATABASE_OWNER_URL ?? url;
    return { url, ownerUrl, processes: () => [], stop: async () => {} };
  }
  const dataDir = join(folder.path, "postgres");
  try {
    const log = eventLog(folder, clock);
    const postgres = await keepPostgres({ dataDir, clock, log, ...more });
    const { appUrl, ownerUrl, superuserUrl, state, stop } = postgres;
    return { url: appUrl, ownerUrl, superuserUrl, processes: () => [state()], stop };
  } catch (error) {
    throw new PlainError(`Cannot start the embedded PostgreSQL: ${messageOf(error)}`);
  }
}
