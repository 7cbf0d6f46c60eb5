import { loadConfig, systemClock } from "@sunledger/runtime";
import { isSeriesAddress, renewIncarnation } from "@sunledger/store";
import { Command } from "commander";
import { withDatabase } from "../database/with-database.ts";
import { print } from "../print.ts";
import { HouseSettings } from "../settings.ts";

export function resendCommand(): Command {
  return new Command("resend")
    .description("let gateways send again what they still have, after rows were lost")
    .addHelpText(
      "after",
      `
For a database that has gone back to an older state by other means than "sunledger restore", as by a
server's own tools or a snapshot of its disk. Gives the store of frames another name: each gateway
then sends what its ring holds (72 h, or 30 % of its outbox); what is there already changes nothing, and
what it no longer has becomes a gap. A running house does so within seconds.

Example:
  $ npx sunledger resend`,
    )
    .action(async () => {
      const settings = loadConfig(HouseSettings);
      const beside = settings.SUNLEDGER_TIMESERIES_URL;
      const name = await withDatabase(settings, systemClock(), ({ ownerUrl }) =>
        renewIncarnation(beside && !isSeriesAddress(beside) ? beside : ownerUrl),
      );
      print(`The store is ${name} now: gateways send again what they still have.`);
    });
}
