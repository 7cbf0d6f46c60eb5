import { loadConfig, systemClock } from "@sunledger/runtime";
import { Command } from "commander";
import { readSecretKey } from "../backup/backup-key.ts";
import { putHouseFiles } from "../backup/house-files.ts";
import { restoreFile } from "../backup/restore-file.ts";
import { contentLines, lackLines } from "../backup/tell-backup.ts";
import { PlainError } from "../plain-error.ts";
import { print } from "../print.ts";
import { HouseSettings } from "../settings.ts";
import { dataFolder, openDataFolder, unmakeFolder } from "../start/data-folder.ts";
import { startHouseDatabase } from "../start/house-database.ts";
import { holdDataFolder } from "../start/house-lock.ts";
import { requireOwnHouse } from "../start/house-owner.ts";
import { readHouseRecord } from "../start/house-record.ts";

type Options = { readonly key: string; readonly replace?: boolean };

export function restoreCommand(): Command {
  return new Command("restore")
    .description("make an installation, stopped or new, what a backup holds")
    .argument("<file>", "the backup")
    .requiredOption("--key <file>", "the key it was made with")
    .option("--replace", "lose what the installation and its database hold now")
    .addHelpText(
      "after",
      `
Into the embedded PostgreSQL of SUNLEDGER_DATA_DIR, or into SUNLEDGER_DATABASE_URL (as
SUNLEDGER_DATABASE_OWNER_URL, where another role owns the tables). All of it is compared before
anything is changed; a restore that is broken off changes nothing. Gateways then send again what they still hold.

Example:
  $ SUNLEDGER_DATA_DIR=/srv/sunledger npx sunledger restore monday.backup --key sunledger.key`,
    )
    .action(restore);
}

async function restore(file: string, { key: keyFile, replace = false }: Options): Promise<void> {
  const settings = loadConfig(HouseSettings);
  const key = await readSecretKey(keyFile);
  const wanted = dataFolder(settings.SUNLEDGER_DATA_DIR);
  requireOwnHouse(wanted);
  if (!replace && readHouseRecord(wanted)) {
    throw new PlainError(
      `There is an installation in ${wanted.path}: choose a new folder with SUNLEDGER_DATA_DIR, ` +
        "or say --replace to lose what it holds.",
    );
  }
  const unmake = unmakeFolder(wanted.path);
  try {
    const folder = openDataFolder(wanted.path);
    const release = holdDataFolder(folder);
    try {
      const parts = { settings, folder, clock: systemClock(), mayMove: true };
      const database = await startHouseDatabase(parts);
      try {
        const { ownerUrl } = database;
        const restored = await restoreFile(file, key, { ownerUrl, replace });
        putHouseFiles(folder, restored.head.files);
        for (const line of contentLines(restored)) print(line);
        for (const line of lackLines(restored.head.valuesElsewhere)) print(line);
        print(
          `The store is ${restored.incarnation} now: gateways send again what they still hold.`,
        );
      } finally {
        await database.stop();
      }
    } finally {
      release();
    }
  } catch (error) {
    unmake();
    throw error;
  }
}
