import { Command } from "commander";
import { houseEnvironment } from "../environment.ts";
import { runInForeground } from "../foreground.ts";

export function ingestCommand(): Command {
  return new Command("ingest")
    .description("run an ingest: takes frames from the broker, stores and acknowledges them")
    .addHelpText(
      "after",
      `
Settings: SUNLEDGER_MQTT_URL, SUNLEDGER_DATABASE_URL, SUNLEDGER_TIMESERIES_URL (absent: the
database), SUNLEDGER_SERVICE_SECRET, SUNLEDGER_COMMIT_MS (20), SUNLEDGER_PACK_AFTER_DAYS (30),
SUNLEDGER_KEEP_RAW_DAYS and SUNLEDGER_KEEP_MINUTES_DAYS (730), SUNLEDGER_CLOCK,
SUNLEDGER_INGEST_METRICS_PORT (metrics and health on 127.0.0.1; absent: none),
SUNLEDGER_INGEST_WORKERS (how many ingests share the gateways: 1) and SUNLEDGER_INGEST_WORKER (which
of them this one is, counted from 1); SUNLEDGER_INPUT_DIR (mapping documents), SUNLEDGER_WRITE_PORT,
SUNLEDGER_WRITE_HOST, SUNLEDGER_WRITE_TLS_CERT and _KEY, SUNLEDGER_WRITE_TOKEN (line protocol). What is not set is taken from the house that runs in
SUNLEDGER_DATA_DIR.

Example:
  $ SUNLEDGER_MQTT_URL=mqtt://broker:1883 SUNLEDGER_DATABASE_URL=postgres://… npx sunledger ingest`,
    )
    .action(() => runInForeground("ingest", { env: houseEnvironment() }));
}
