import { Command } from "commander";
import { houseEnvironment } from "../environment.ts";
import { runInForeground } from "../foreground.ts";

export function brokerCommand(): Command {
  return new Command("broker")
    .description("run the embedded MQTT broker alone")
    .addHelpText(
      "after",
      `
Settings: SUNLEDGER_MQTT_HOST (127.0.0.1), SUNLEDGER_MQTT_PORT (1883), SUNLEDGER_DATABASE_URL,
SUNLEDGER_MQTT_TLS_CERT and SUNLEDGER_MQTT_TLS_KEY (PEM files: needed beyond loopback),
SUNLEDGER_SERVICE_SECRET, SUNLEDGER_CLOCK (system or driven). What is not set is taken from the
house that runs in SUNLEDGER_DATA_DIR.

Example:
  $ SUNLEDGER_MQTT_PORT=1884 npx sunledger broker`,
    )
    .action(() => runInForeground("broker", { env: houseEnvironment() }));
}
