import { loadConfig, systemClock } from "@sunledger/runtime";
import { Command, Option } from "commander";
import { factorOption, instantOption } from "../options.ts";
import { PlainError } from "../plain-error.ts";
import { HouseSettings } from "../settings.ts";
import { runHouse } from "../start/run-house.ts";

type Options = {
  readonly demo?: true;
  readonly empty?: true;
  readonly history: boolean;
  readonly watch?: boolean;
  readonly clock?: "system" | "driven";
  readonly speed?: number;
  readonly at?: number;
};

export function startCommand(): Command {
  return new Command("start")
    .description("start everything on this machine; stops with Ctrl-C")
    .addOption(new Option("--demo", "with two simulated plants").conflicts("empty"))
    .addOption(new Option("--empty", "without plants; the default of a new data folder"))
    .option("--no-history", "do not make the 30 days before a demo's first start")
    .option("--watch", "start programs anew when their sources change; serve the dashboard by Vite")
    .addOption(
      new Option("--clock <kind>", "whose time the house keeps").choices(["system", "driven"]),
    )
    .option(
      "--speed <factor>",
      "of a demo with a driven clock: its simulated plants let time pass so many times as fast",
      factorOption,
    )
    .option(
      "--at <instant>",
      "of the same, new: when it begins, as 2026-06-21T11:00:00+08:00",
      instantOption,
    )
    .addHelpText(
      "after",
      `
Settings (environment):
  SUNLEDGER_DATA_DIR        where everything is kept (~/.sunledger; as root /var/lib/sunledger)
  SUNLEDGER_HTTP_HOST/PORT  dashboard and api (127.0.0.1, 8080)
  SUNLEDGER_MQTT_HOST/PORT  embedded broker (127.0.0.1, 1883)
  SUNLEDGER_HTTP_TLS_CERT/KEY, SUNLEDGER_MQTT_TLS_CERT/KEY
                            PEM files of certificate and key: needed beyond loopback
  SUNLEDGER_SIMULATOR_HOST/PORT  simulated devices (127.0.0.1, 15020 and counted up)
  SUNLEDGER_SIMULATOR_OPEN  yes: other machines may reach those, though Modbus protects nothing
  SUNLEDGER_DATABASE_URL    postgres://…; absent: an embedded PostgreSQL in the data folder
  SUNLEDGER_DATABASE_OWNER_URL  its owning role, for migrations; absent: the one above
  SUNLEDGER_TIMESERIES_URL  where frames go: postgres://…, influxdb+http://… or victoriametrics+http://…;
                            absent: the database
  SUNLEDGER_INGEST_WORKERS  how many ingests share the gateways (1)
  SUNLEDGER_INPUT_DIR       mapping documents of senders that are no gateways
  SUNLEDGER_WRITE_HOST/PORT  takes line protocol there, with SUNLEDGER_WRITE_TOKEN; absent: nowhere
  SUNLEDGER_WRITE_TLS_CERT/KEY  PEM files: needed beyond loopback
  SUNLEDGER_COMMIT_MS       how long ingest gathers for one commit (20)
  SUNLEDGER_PACK_AFTER_DAYS  after how many days ingest packs a day (30)
  SUNLEDGER_KEEP_RAW_DAYS   for how many days values are kept (730; counters for ever)
  SUNLEDGER_KEEP_MINUTES_DAYS  and roll-ups of minutes (730; longer ones for ever)
  SUNLEDGER_PUBLIC_URL      the address people type, behind a proxy
  SUNLEDGER_TRUSTED_PROXIES  addresses or ranges of those proxies: theirs is the word for who asks
  SUNLEDGER_MQTT_URL        another broker; absent: the embedded one
  SUNLEDGER_GATEWAY_MQTT_URL  where gateways reach it; absent: the one above
  SUNLEDGER_CLOCK           system, or driven by replay, simulate --speed or a test
  SUNLEDGER_LOG_LEVEL       debug: write details into logs, too; warn, error: leave the usual out

Examples:
  $ npx sunledger start --demo
  $ npx sunledger start --demo --clock driven --speed 60 --at 2026-06-21T11:00:00+08:00
  $ SUNLEDGER_HTTP_PORT=9090 SUNLEDGER_DATA_DIR=./data npx sunledger start --empty`,
    )
    .action(async ({ demo, empty, history, watch = false, clock, speed, at }: Options) => {
      const env = clock === undefined ? process.env : { ...process.env, SUNLEDGER_CLOCK: clock };
      const settings = loadConfig(HouseSettings, env);
      if (settings.SUNLEDGER_CLOCK === "system" && (speed !== undefined || at !== undefined)) {
        throw new PlainError(
          "--speed and --at need a house with a driven clock: add --clock driven.",
        );
      }
      if (settings.SUNLEDGER_CLOCK === "driven" && settings.SUNLEDGER_INGEST_WORKERS > 1) {
        throw new PlainError(
          "A driven clock lets one ingest know the time: leave SUNLEDGER_INGEST_WORKERS out.",
        );
      }
      const kind = demo ? "demo" : empty ? "empty" : undefined;
      const wishes = { kind, history, watch, speed, at } as const;
      await runHouse({ settings, wishes, env, clock: systemClock() });
    });
}
