import { resolve } from "node:path";
import { Command } from "commander";
import { runInForeground } from "../foreground.ts";

export function gatewayCommand(): Command {
  return new Command("gateway")
    .description(
      "run a gateway: polls the devices of a plant and keeps frames until they are stored",
    )
    .requiredOption("-c, --config <file>", "the gateway's YAML file: its id and its devices")
    .addHelpText(
      "after",
      `
Settings: SUNLEDGER_MQTT_URL, SUNLEDGER_GATEWAY_SECRET, SUNLEDGER_OUTBOX_DIR,
SUNLEDGER_PROFILE_DIR (further device profiles), SUNLEDGER_CLOCK.

Example:
  $ SUNLEDGER_MQTT_URL=mqtt://broker:1883 SUNLEDGER_GATEWAY_SECRET=… \\
    SUNLEDGER_OUTBOX_DIR=/var/lib/sunledger/outbox npx sunledger gateway --config roof.yaml`,
    )
    .action(({ config }: { config: string }) =>
      runInForeground("gateway", { env: { SUNLEDGER_GATEWAY_CONFIG: resolve(config) } }),
    );
}
