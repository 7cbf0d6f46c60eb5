import { Command } from "commander";
import { runInForeground } from "../foreground.ts";

type Options = { readonly profile?: string; readonly json?: true; readonly trace?: true };

export function scanCommand(): Command {
  return new Command("scan")
    .description(
      "say what a Modbus device is: its SunSpec chain or the profile that fits, with values",
    )
    .argument("<url>", "tcp://host:port?unit=1")
    .option("--profile <id>", "read it by this profile instead of finding out")
    .option("--json", "print JSON instead of a table")
    .option("--trace", "print the bytes as they go and come, on standard error")
    .addHelpText(
      "after",
      `
Only reads: nothing is written to the device.

Examples:
  $ npx sunledger scan "tcp://127.0.0.1:15020?unit=1"
  $ npx sunledger scan "tcp://192.168.1.20?unit=3" --profile huawei-sun2000 --json`,
    )
    .action((url: string, { profile, json, trace }: Options) =>
      runInForeground("scan", {
        args: [
          url,
          ...(profile === undefined ? [] : ["--profile", profile]),
          ...(json ? ["--json"] : []),
          ...(trace ? ["--trace"] : []),
        ],
      }),
    );
}
