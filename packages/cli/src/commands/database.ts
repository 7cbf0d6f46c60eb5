import { loadConfig, systemClock } from "@sunledger/runtime";
import { Command } from "commander";
import { runTool } from "../database/run-tool.ts";
import { installation } from "../database/with-database.ts";
import { PlainError } from "../plain-error.ts";
import { HouseSettings } from "../settings.ts";
import { startHouseDatabase } from "../start/house-database.ts";
import { holdDataFolder } from "../start/house-lock.ts";

export function databaseCommand(): Command {
  return new Command("database")
    .description("run a tool of PostgreSQL on the embedded database, while no house runs on it")
    .argument("<tool>", "pg_dump, pg_restore, psql, … of this machine")
    .argument("[arguments...]", "what the tool is told")
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText(
      "after",
      `
Starts the embedded PostgreSQL of SUNLEDGER_DATA_DIR for as long as the tool runs and tells it by
PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD where that is, as its superuser: row-level
security holds nothing back. The tools come with PostgreSQL's client programs; pg_dump has to be as
new as the server.

Examples:
  $ npx sunledger database pg_dump --format=custom --file=sunledger.dump
  $ npx sunledger database pg_restore --dbname=sunledger sunledger.dump     into a new database
      after an older dump, "sunledger resend" lets gateways send again what they still have`,
    )
    .action(async (tool: string, args: string[]) => {
      const settings = loadConfig(HouseSettings);
      if (settings.SUNLEDGER_DATABASE_URL !== undefined) {
        throw new PlainError(
          "This is for the embedded database, and SUNLEDGER_DATABASE_URL names another: " +
            `run ${tool} on that one directly.`,
        );
      }
      const folder = installation(settings);
      const release = holdDataFolder(folder);
      try {
        const database = await startHouseDatabase({ settings, folder, clock: systemClock() });
        try {
          process.exitCode = await runTool(tool, args, database.superuserUrl ?? database.ownerUrl);
        } finally {
          await database.stop();
        }
      } finally {
        release();
      }
    });
}
