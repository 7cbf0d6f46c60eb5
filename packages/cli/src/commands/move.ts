import { loadConfig, systemClock } from "@sunledger/runtime";
import { readBackup, restoreBackup } from "@sunledger/store";
import { Command, InvalidArgumentError } from "commander";
import { inWords } from "../backup/restore-file.ts";
import { contentLines, valuesElsewhere } from "../backup/tell-backup.ts";
import { requireDatabase } from "../database/require-database.ts";
import { installation } from "../database/with-database.ts";
import { print } from "../print.ts";
import { HouseSettings } from "../settings.ts";
import { startHouseDatabase } from "../start/house-database.ts";
import { holdDataFolder } from "../start/house-lock.ts";

type Options = { readonly to: string; readonly replace?: boolean };

export function moveCommand(): Command {
  return new Command("move")
    .description("carry a stopped installation's database over into another PostgreSQL")
    .requiredOption("--to <url>", "postgres://…, as the role that is to own the tables", address)
    .option("--replace", "lose what that database holds now")
    .addHelpText(
      "after",
      `
Every row is compared there before anything is changed; one that is broken off changes nothing, and
is begun again. What was is left as it was. Afterwards start with SUNLEDGER_DATABASE_URL.

Example:
  $ npx sunledger move --to postgres://sunledger@db/sunledger`,
    )
    .action(move);
}

async function move({ to, replace = false }: Options): Promise<void> {
  const settings = loadConfig(HouseSettings);
  const folder = installation(settings);
  const clock = systemClock();
  await requireDatabase(to);
  const release = holdDataFolder(folder);
  try {
    const database = await startHouseDatabase({ settings, folder, clock });
    try {
      const elsewhere = valuesElsewhere(settings.SUNLEDGER_TIMESERIES_URL);
      const told = { at: clock.now(), files: {}, valuesElsewhere: elsewhere };
      const parts = readBackup(database.ownerUrl, told);
      const moved = await restoreBackup(to, parts, { replace }).catch((error: unknown) => {
        throw inWords(error, "the installation's database", to);
      });
      for (const line of contentLines(moved)) print(line);
      print(
        "Carried over. Start it there with SUNLEDGER_DATABASE_URL; what was is left as it was.",
      );
    } finally {
      await database.stop();
    }
  } finally {
    release();
  }
}

function address(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("Write it as postgres://ROLE:PASSWORD@HOST/DATABASE.");
}
