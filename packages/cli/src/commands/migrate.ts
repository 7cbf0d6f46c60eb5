import { loadConfig, systemClock } from "@sunledger/runtime";
import { migrate } from "@sunledger/store";
import { Command } from "commander";
import { withDatabase } from "../database/with-database.ts";
import { print } from "../print.ts";
import { HouseSettings } from "../settings.ts";
import { unusable } from "../unusable-database.ts";

export function migrateCommand(): Command {
  return new Command("migrate")
    .description("bring the database's tables to this version; again, it changes nothing")
    .addHelpText(
      "after",
      `
Settings: SUNLEDGER_DATABASE_URL, SUNLEDGER_DATABASE_OWNER_URL (the role that owns the tables;
absent: the same). Without them the embedded PostgreSQL of SUNLEDGER_DATA_DIR.

Example:
  $ SUNLEDGER_DATABASE_URL=postgres://sunledger@db/sunledger npx sunledger migrate`,
    )
    .action(async () => {
      await withDatabase(loadConfig(HouseSettings), systemClock(), async ({ ownerUrl }) => {
        const { applied } = await migrate(ownerUrl).catch((error: unknown) => {
          throw unusable(ownerUrl, error);
        });
        print(applied.length > 0 ? `Applied: ${applied.join(", ")}` : "The tables are up to date.");
      });
    });
}
