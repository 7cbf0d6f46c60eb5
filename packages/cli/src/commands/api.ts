import { Command } from "commander";
import { houseEnvironment } from "../environment.ts";
import { runInForeground } from "../foreground.ts";

export function apiCommand(): Command {
  return new Command("api")
    .description("run an api: answers HTTP and live connections, serves the dashboard")
    .addHelpText(
      "after",
      `
Settings: SUNLEDGER_HTTP_HOST (127.0.0.1), SUNLEDGER_HTTP_PORT (8080), SUNLEDGER_MQTT_URL,
SUNLEDGER_HTTP_TLS_CERT and SUNLEDGER_HTTP_TLS_KEY (PEM files: needed beyond loopback),
SUNLEDGER_DATABASE_URL, SUNLEDGER_TIMESERIES_URL, SUNLEDGER_SERVICE_SECRET, SUNLEDGER_AUTH_SECRET,
SUNLEDGER_DASHBOARD_DIR, SUNLEDGER_CLOCK. What is not set is taken from the house that runs in
SUNLEDGER_DATA_DIR.

Example:
  $ SUNLEDGER_HTTP_PORT=8081 npx sunledger api`,
    )
    .action(() => runInForeground("api", { env: houseEnvironment() }));
}
