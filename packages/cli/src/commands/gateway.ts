import { resolve } from "node:path";
import { Command } from "commander";
import { runInForeground } from "../foreground.ts";
import { PlainError } from "../plain-error.ts";

export function gatewayCommand(): Command {
  return new Command("gateway")
    .description(
      "run a gateway: polls the devices of a plant and keeps frames until they are stored",
    )
    .option("-c, --config <file>", "the gateway's YAML file: its id and its devices")
    .option("--check", "say what is wrong with the file, or what polling it comes to, and end")
    .option("--print-schema", "print the JSON Schema of the file, for editors, and end")
    .addHelpText(
      "after",
      `
Settings: SUNLEDGER_MQTT_URL, SUNLEDGER_GATEWAY_SECRET, SUNLEDGER_OUTBOX_DIR,
SUNLEDGER_PROFILE_DIR (further device profiles), SUNLEDGER_GATEWAY_PROVE_MS (so long a pushed
configuration keeps the broker reached before it counts, 15000), SUNLEDGER_CLOCK.

Examples:
  $ npx sunledger gateway --config roof.yaml --check
  $ SUNLEDGER_MQTT_URL=mqtt://broker:1883 SUNLEDGER_GATEWAY_SECRET=… \\
    SUNLEDGER_OUTBOX_DIR=/var/lib/sunledger/outbox npx sunledger gateway --config roof.yaml`,
    )
    .action(run);
}

type Options = {
  readonly config?: string;
  readonly check?: true;
  readonly printSchema?: true;
};

function run({ config, check, printSchema }: Options): Promise<void> {
  if (printSchema) return runInForeground("checkGateway", { args: ["--print-schema"] });
  if (config === undefined) throw new PlainError("a gateway wants its file: --config FILE");
  if (check) return runInForeground("checkGateway", { args: ["--config", config] });
  return runInForeground("gateway", { env: { SUNLEDGER_GATEWAY_CONFIG: resolve(config) } });
}
