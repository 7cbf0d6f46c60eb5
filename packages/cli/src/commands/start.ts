import { loadConfig, systemClock } from "@sunledger/runtime";
import { Command, Option } from "commander";
import { HouseSettings } from "../settings.ts";
import { runHouse } from "../start/run-house.ts";

type Options = {
  readonly demo?: true;
  readonly empty?: true;
  readonly history: boolean;
  readonly watch?: boolean;
};

export function startCommand(): Command {
  return new Command("start")
    .description("start everything on this machine; stops with Ctrl-C")
    .addOption(new Option("--demo", "with two simulated plants").conflicts("empty"))
    .addOption(new Option("--empty", "without plants; the default of a new data folder"))
    .option("--no-history", "do not make the 30 days before a demo's first start")
    .option("--watch", "start programs anew when their sources change; serve the dashboard by Vite")
    .addHelpText(
      "after",
      `
Settings (environment):
  SUNLEDGER_DATA_DIR        where everything is kept (~/.sunledger; as root /var/lib/sunledger)
  SUNLEDGER_HTTP_HOST/PORT  dashboard and api (127.0.0.1, 8080)
  SUNLEDGER_MQTT_HOST/PORT  embedded broker (127.0.0.1, 1883)
  SUNLEDGER_SIMULATOR_HOST/PORT  simulated devices (127.0.0.1, 15020 and counted up)
  SUNLEDGER_DATABASE_URL    postgres://…; absent: an embedded PostgreSQL in the data folder
  SUNLEDGER_DATABASE_OWNER_URL  its owning role, for migrations; absent: the one above
  SUNLEDGER_TIMESERIES_URL  where frames go; absent: the database
  SUNLEDGER_MQTT_URL        another broker; absent: the embedded one
  SUNLEDGER_GATEWAY_MQTT_URL  where gateways reach it; absent: the one above
  SUNLEDGER_CLOCK           system, or driven by replay, simulate --speed or a test

Examples:
  $ npx sunledger start --demo
  $ SUNLEDGER_HTTP_PORT=9090 SUNLEDGER_DATA_DIR=./data npx sunledger start --empty`,
    )
    .action(async ({ demo, empty, history, watch = false }: Options) => {
      const settings = loadConfig(HouseSettings);
      const kind = demo ? "demo" : empty ? "empty" : undefined;
      const wishes = { kind, history, watch } as const;
      await runHouse({ settings, wishes, env: process.env, clock: systemClock() });
    });
}
