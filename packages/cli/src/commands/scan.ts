import { Command } from "commander";
import { runInForeground } from "../foreground.ts";

type Options = {
  readonly units?: string;
  readonly profile?: string;
  readonly timeout?: string;
  readonly write?: string;
  readonly gateway?: string;
  readonly json?: true;
  readonly trace?: true;
};

export function scanCommand(): Command {
  return new Command("scan")
    .description(
      "say what Modbus devices are: their SunSpec chains or the profiles that fit, with values",
    )
    .argument(
      "<address>",
      "tcp://host:port?unit=1, rtu+tcp://host:port?unit=1, serial:///dev/ttyUSB0?baud=9600&unit=1, a host, 192.168.1.0/24 or 192.168.1.10..192.168.1.50, these with :port where it is not 502",
    )
    .option("--units <list>", "ask these units of each host: 1-247, or 1,3,100-110")
    .option("--timeout <ms>", "how long a host or unit may take to answer a search (1000)")
    .option("--write <file>", "write a gateway's configuration that polls what was found")
    .option("--gateway <id>", "the gateway's id in that file (gateway-01)")
    .option("--profile <id>", "read it by this profile instead of finding out")
    .option("--json", "print JSON instead of a table")
    .option("--trace", "print the bytes as they go and come, on standard error")
    .addHelpText(
      "after",
      `
Only reads: nothing is written to the device.

Examples:
  $ npx sunledger scan "tcp://127.0.0.1:15020?unit=1"
  $ npx sunledger scan "tcp://192.168.1.20?unit=3" --profile huawei-sun2000 --json
  $ npx sunledger scan 192.168.1.20
  $ npx sunledger scan tcp://192.168.1.20 --units 1-247
  $ npx sunledger scan "serial:///dev/ttyUSB0?baud=9600&parity=none&stop=1" --units 1-32
  $ npx sunledger scan 192.168.1.0/24 --write site.yaml --gateway roof-17`,
    )
    .action((address: string, options: Options) =>
      runInForeground("scan", { args: [address, ...given(options)] }),
    );
}

/** The options as the program itself takes them; a value may begin with a hyphen. */
function given(options: Options): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}=${value}`],
  );
}
