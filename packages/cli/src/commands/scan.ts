import { Command } from "commander";
import { runInForeground } from "../foreground.ts";

export function scanCommand(): Command {
  return new Command("scan")
    .description(
      "say what a Modbus device is: its SunSpec chain or the profile that fits, with values",
    )
    .argument("<url>", "tcp://host:port?unit=1")
    .addHelpText(
      "after",
      `
Only reads: nothing is written to the device.

Example:
  $ npx sunledger scan "tcp://127.0.0.1:15020?unit=1"`,
    )
    .action((url: string) => runInForeground("scan", { args: [url] }));
}
