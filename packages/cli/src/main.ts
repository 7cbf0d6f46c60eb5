import { ConfigError } from "@sunledger/runtime";
import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { apiCommand } from "./commands/api.ts";
import { backupCommand } from "./commands/backup.ts";
import { brokerCommand } from "./commands/broker.ts";
import { databaseCommand } from "./commands/database.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { gatewayCommand } from "./commands/gateway.ts";
import { ingestCommand } from "./commands/ingest.ts";
import { inputCommand } from "./commands/input.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { moveCommand } from "./commands/move.ts";
import { quarantineCommand } from "./commands/quarantine.ts";
import { replayCommand } from "./commands/replay.ts";
import { resendCommand } from "./commands/resend.ts";
import { restoreCommand } from "./commands/restore.ts";
import { scanCommand } from "./commands/scan.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { startCommand } from "./commands/start.ts";
import { PlainError } from "./plain-error.ts";
import { printError } from "./print.ts";

// Whatever the shell lets through: what we and our programs make, nobody else may change.
process.umask(process.umask(0o022) | 0o022);

const program = new Command("sunledger")
  .description("From the Modbus register to the invoice line, with nothing lost on the way.")
  .version(packageJson.version)
  .enablePositionalOptions() // an option behind the name of a tool is that tool's
  .showHelpAfterError("Add --help to see how it is used.")
  .addCommand(startCommand())
  .addCommand(brokerCommand())
  .addCommand(ingestCommand())
  .addCommand(apiCommand())
  .addCommand(gatewayCommand())
  .addCommand(simulateCommand())
  .addCommand(scanCommand())
  .addCommand(replayCommand())
  .addCommand(exportCommand())
  .addCommand(migrateCommand())
  .addCommand(databaseCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(moveCommand())
  .addCommand(resendCommand())
  .addCommand(quarantineCommand())
  .addCommand(inputCommand())
  .addCommand(doctorCommand())
  .addHelpText(
    "after",
    `
Settings are environment variables SUNLEDGER_*; each command's help names its own.

Examples:
  $ npx sunledger start --demo        everything on this machine, with two simulated plants
  $ npx sunledger scan "tcp://192.168.1.20:502?unit=1"
  $ npx sunledger doctor              says what is wrong with an installation, and what to do`,
  );

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof PlainError || error instanceof ConfigError) printError(error.message);
  else printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
