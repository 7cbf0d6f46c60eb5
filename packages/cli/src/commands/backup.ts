import { tmpdir } from "node:os";
import { loadConfig, systemClock } from "@sunledger/runtime";
import { Command } from "commander";
import { makeBackupKey, readBackupKey, readSecretKey } from "../backup/backup-key.ts";
import { houseFiles } from "../backup/house-files.ts";
import { inScratch } from "../backup/in-scratch.ts";
import { restoreFile } from "../backup/restore-file.ts";
import { contentLines, lackLines, valuesElsewhere } from "../backup/tell-backup.ts";
import { writeBackupFile } from "../backup/write-file.ts";
import { withDatabase } from "../database/with-database.ts";
import { print } from "../print.ts";
import { HouseSettings } from "../settings.ts";
import { dataFolder } from "../start/data-folder.ts";

export function backupCommand(): Command {
  const key = new Command("key")
    .description("make the key that backups are encrypted with")
    .argument("<file>", "where to, a new file")
    .action(async (file: string) => {
      const recipient = await makeBackupKey(file);
      print(`Made the key ${file}. Its public half makes backups and opens none: ${recipient}`);
      print("Keep the file away from this machine too: without it no backup can be opened.");
    });
  const verify = new Command("verify")
    .description("restore a backup into a scratch database and compare all of it")
    .argument("<file>", "the backup")
    .requiredOption("--key <file>", "the key it was made with")
    .option("--scratch <folder>", "where there is room for its database", tmpdir())
    .action(async (file: string, options: { key: string; scratch: string }) => {
      const secret = await readSecretKey(options.key);
      const restored = await inScratch(options.scratch, (ownerUrl) =>
        restoreFile(file, secret, { ownerUrl, replace: false }),
      );
      for (const line of contentLines(restored)) print(line);
      for (const line of lackLines(restored.head.valuesElsewhere)) print(line);
      if (restored.faults.length > 0) process.exitCode = 1;
    });
  return new Command("backup")
    .description("write all that the database holds into an encrypted file, beside a running house")
    .enablePositionalOptions() // an option behind "verify" is that one's
    .option("--key <file>", "the key to encrypt with, or its public half (age1…)")
    .option("--out <file>", "a new file; absent: sunledger-TIME.backup in this folder")
    .addCommand(key)
    .addCommand(verify)
    .addHelpText(
      "after",
      `
Everything in the file is of one moment, while programs go on storing. It holds the records, the frames,
what is settled and the secrets of the data folder; not the outboxes of gateways, and no values that
SUNLEDGER_TIMESERIES_URL keeps elsewhere. The format is that of age (age-encryption.org).

Examples:
  $ npx sunledger backup key sunledger.key
  $ npx sunledger backup --key sunledger.key --out monday.backup
  $ npx sunledger backup verify monday.backup --key sunledger.key`,
    )
    .action(async (options: { key?: string; out?: string }, command: Command) => {
      if (options.key === undefined) command.error("error: required option '--key <file>'");
      await makeBackup(options.key, options.out);
    });
}

async function makeBackup(keyFile: string, out: string | undefined): Promise<void> {
  const settings = loadConfig(HouseSettings);
  const clock = systemClock();
  const secret = await readBackupKey(keyFile);
  const at = clock.now();
  const file = out ?? `sunledger-${new Date(at).toISOString().replaceAll(/[:.]/g, "-")}.backup`;
  const elsewhere = valuesElsewhere(settings.SUNLEDGER_TIMESERIES_URL);
  const files = houseFiles(dataFolder(settings.SUNLEDGER_DATA_DIR));
  const size = await withDatabase(settings, clock, ({ ownerUrl }) =>
    writeBackupFile(file, secret, { ownerUrl, at, files, valuesElsewhere: elsewhere }),
  );
  print(`Made ${file}, ${size.toLocaleString("en")} bytes.`);
  for (const line of lackLines(elsewhere)) print(line);
}
