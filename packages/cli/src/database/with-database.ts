import type { Clock } from "@sunledger/runtime";
import { messageOf, PlainError } from "../plain-error.ts";
import type { HouseSettings } from "../settings.ts";
import { type DataFolder, dataFolder } from "../start/data-folder.ts";
import { startHouseDatabase } from "../start/house-database.ts";
import { holdDataFolder } from "../start/house-lock.ts";
import { requireOwnHouse } from "../start/house-owner.ts";
import { readHouseRecord } from "../start/house-record.ts";
import { readRunningHouse } from "../start/running-house.ts";
import { requireDatabase } from "./require-database.ts";

export type DatabaseUrls = {
  /** For reading and writing under row-level security. */
  readonly url: string;
  /** For changing tables. */
  readonly ownerUrl: string;
};

/**
 * Does something with the installation's database: the one that was named, that of the running
 * house, or the embedded one, which is started for as long as it takes.
 */
export async function withDatabase<T>(
  settings: HouseSettings,
  clock: Clock,
  task: (urls: DatabaseUrls) => Promise<T>,
): Promise<T> {
  const url = settings.SUNLEDGER_DATABASE_URL;
  if (url) {
    const ownerUrl = settings.SUNLEDGER_DATABASE_OWNER_URL ?? url;
    await requireDatabase(url);
    return task({ url, ownerUrl });
  }

  const folder = installation(settings);
  const release = tryToHold(folder);
  if (!release) {
    const running = readRunningHouse(folder);
    if (running?.databaseUrl) {
      return task({
        url: running.databaseUrl,
        ownerUrl: running.databaseOwnerUrl ?? running.databaseUrl,
      });
    }
    throw new PlainError(
      `Sunledger is just starting in ${folder.path}: try again when it is ready.`,
    );
  }
  try {
    const database = await startHouseDatabase({ settings, folder, clock });
    try {
      return await task(database);
    } finally {
      await database.stop();
    }
  } finally {
    release();
  }
}

/** The data folder of an installation that has been made; throws where there is none, or another's. */
export function installation({ SUNLEDGER_DATA_DIR }: HouseSettings): DataFolder {
  const folder = dataFolder(SUNLEDGER_DATA_DIR);
  requireOwnHouse(folder);
  if (readHouseRecord(folder)) return folder;
  throw new PlainError(
    `There is no installation in ${folder.path}: make one with "sunledger start", or name ` +
      "another with SUNLEDGER_DATA_DIR or a database with SUNLEDGER_DATABASE_URL.",
  );
}

function tryToHold(folder: DataFolder): (() => void) | undefined {
  try {
    return holdDataFolder(folder);
  } catch (error) {
    if (error instanceof PlainError) return undefined;
    throw new PlainError(`Cannot use the data folder ${folder.path}: ${messageOf(error)}.`);
  }
}
