import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { programFile, workspace } from "../programs.ts";
import type { HouseSettings } from "../settings.ts";
import { type DataFolder, simulatorState } from "./data-folder.ts";
import type { DemoPlant } from "./demo-plants.ts";
import { writeGatewayFile } from "./gateway-file.ts";
import type { Plan } from "./supervised.ts";

/** What is known of a house before its programs run. */
export type KnownHouse = {
  readonly settings: HouseSettings;
  readonly folder: DataFolder;
  readonly databaseUrl: string;
  readonly mqttUrl: string;
  readonly secrets: {
    readonly service: string;
    readonly auth: string;
    gateway(id: string): string;
  };
  readonly env: NodeJS.ProcessEnv;
};

export type HousePlace = KnownHouse & {
  /** The folder of the built dashboard. */
  readonly dashboard: string;
  /** The scenario file of the simulated plants, where there are any. */
  readonly scenario: string | undefined;
  readonly plants: readonly DemoPlant[];
  /** The simulated plants drive the house's clock, so many times as fast as real time. */
  readonly speed?: number | undefined;
};

/** The programs in the order in which they start; those of one entry start together. */
export function plansOf(place: HousePlace): { what: string; plans: Plan[] }[] {
  const { plants } = place;
  return [
    { what: "broker", plans: brokerPlans(place) },
    {
      what: plants.length > 0 ? "ingest, api and simulated plants" : "ingest and api",
      plans: [...centralPlans(place), ...simulatorPlans(place)],
    },
    { what: "gateways", plans: plants.map((plant) => gatewayPlan(place, plant)) },
  ].filter(({ plans }) => plans.length > 0);
}

/** The device profiles that come along: gateways read by them, and the api shows them. */
const shippedProfiles = fileURLToPath(new URL("gateway/src/profiles", workspace));

/** The broker, unless the house uses another. */
function brokerPlans(place: HousePlace): Plan[] {
  const { settings } = place;
  if (settings.SUNLEDGER_MQTT_URL !== undefined) return [];
  return [
    {
      name: "broker",
      file: programFile("broker"),
      port: settings.SUNLEDGER_MQTT_PORT,
      env: environment(place, {
        SUNLEDGER_MQTT_HOST: settings.SUNLEDGER_MQTT_HOST,
        SUNLEDGER_MQTT_PORT: String(settings.SUNLEDGER_MQTT_PORT),
        SUNLEDGER_MQTT_TLS_CERT: settings.SUNLEDGER_MQTT_TLS_CERT,
        SUNLEDGER_MQTT_TLS_KEY: settings.SUNLEDGER_MQTT_TLS_KEY,
        SUNLEDGER_DATABASE_URL: place.databaseUrl,
        SUNLEDGER_SERVICE_SECRET: place.secrets.service,
        SUNLEDGER_INPUT_DIR: place.env.SUNLEDGER_INPUT_DIR,
      }),
    },
  ];
}

/** Ingest and api: what stores, and what answers. */
function centralPlans(place: HousePlace): Plan[] {
  const { settings, secrets } = place;
  const shared = {
    SUNLEDGER_MQTT_URL: place.mqttUrl,
    SUNLEDGER_DATABASE_URL: place.databaseUrl,
    SUNLEDGER_TIMESERIES_URL: settings.SUNLEDGER_TIMESERIES_URL,
    SUNLEDGER_SERVICE_SECRET: secrets.service,
  };
  return [
    ...ingestPlans(place, shared),
    {
      name: "api",
      file: programFile("api"),
      port: settings.SUNLEDGER_HTTP_PORT,
      env: environment(place, {
        ...shared,
        SUNLEDGER_HTTP_HOST: settings.SUNLEDGER_HTTP_HOST,
        SUNLEDGER_HTTP_PORT: String(settings.SUNLEDGER_HTTP_PORT),
        SUNLEDGER_HTTP_TLS_CERT: settings.SUNLEDGER_HTTP_TLS_CERT,
        SUNLEDGER_HTTP_TLS_KEY: settings.SUNLEDGER_HTTP_TLS_KEY,
        SUNLEDGER_PUBLIC_URL: place.env.SUNLEDGER_PUBLIC_URL,
        SUNLEDGER_TRUSTED_PROXIES: place.env.SUNLEDGER_TRUSTED_PROXIES,
        SUNLEDGER_AUTH_SECRET: secrets.auth,
        SUNLEDGER_DASHBOARD_DIR: place.dashboard,
        SUNLEDGER_SHIPPED_PROFILES: shippedProfiles,
        SUNLEDGER_PROFILE_DIR: place.env.SUNLEDGER_PROFILE_DIR,
      }),
    },
  ];
}

/** One ingest, or several that share the gateways: each of which is started anew alone when it dies. */
function ingestPlans(place: HousePlace, shared: OwnSettings): Plan[] {
  const { env } = place;
  const { SUNLEDGER_INGEST_WORKERS: workers, SUNLEDGER_INGEST_METRICS_PORT: metrics } =
    place.settings;
  return Array.from({ length: workers }, (_, i) => ({
    name: workers === 1 ? "ingest" : `ingest-${i + 1}`,
    file: programFile("ingest"),
    env: environment(place, {
      ...shared,
      SUNLEDGER_INGEST_WORKERS: String(workers),
      SUNLEDGER_INGEST_WORKER: String(i + 1),
      SUNLEDGER_COMMIT_MS: env.SUNLEDGER_COMMIT_MS,
      SUNLEDGER_PACK_AFTER_DAYS: env.SUNLEDGER_PACK_AFTER_DAYS,
      SUNLEDGER_KEEP_RAW_DAYS: env.SUNLEDGER_KEEP_RAW_DAYS,
      SUNLEDGER_KEEP_MINUTES_DAYS: env.SUNLEDGER_KEEP_MINUTES_DAYS,
      SUNLEDGER_INGEST_METRICS_PORT: metrics === undefined ? undefined : String(metrics + i),
      SUNLEDGER_FAILPOINT: env.SUNLEDGER_FAILPOINT,
      SUNLEDGER_INPUT_DIR: env.SUNLEDGER_INPUT_DIR,
      ...(i === 0 && writeSettings(place)),
    }),
  }));
}

/** Where line protocol is taken: by the first ingest. */
function writeSettings({ env }: HousePlace): OwnSettings {
  return {
    SUNLEDGER_WRITE_HOST: env.SUNLEDGER_WRITE_HOST,
    SUNLEDGER_WRITE_PORT: env.SUNLEDGER_WRITE_PORT,
    SUNLEDGER_WRITE_TLS_CERT: env.SUNLEDGER_WRITE_TLS_CERT,
    SUNLEDGER_WRITE_TLS_KEY: env.SUNLEDGER_WRITE_TLS_KEY,
    SUNLEDGER_WRITE_TOKEN: env.SUNLEDGER_WRITE_TOKEN,
  };
}

/** Seconds after which a demonstration's time goes on without a program that hangs. */
const patienceSeconds = 3;

/** The simulated plants, all in one program. */
function simulatorPlans(place: HousePlace): Plan[] {
  const { settings, folder, scenario, speed } = place;
  if (scenario === undefined) return [];
  return [
    {
      name: "simulators",
      file: programFile("simulators"),
      args: speed === undefined ? [] : [`--speed=${speed}`, `--patience=${patienceSeconds}`],
      port: settings.SUNLEDGER_SIMULATOR_PORT,
      env: environment(place, {
        SUNLEDGER_SCENARIO: scenario,
        SUNLEDGER_SIMULATOR_HOST: settings.SUNLEDGER_SIMULATOR_HOST,
        SUNLEDGER_SIMULATOR_PORT: String(settings.SUNLEDGER_SIMULATOR_PORT),
        SUNLEDGER_SIMULATOR_OPEN: settings.SUNLEDGER_SIMULATOR_OPEN,
        SUNLEDGER_STATE_DIR: simulatorState(folder),
        SUNLEDGER_LEDGER_DIR: place.env.SUNLEDGER_LEDGER_DIR,
        SUNLEDGER_LEDGER_MB: place.env.SUNLEDGER_LEDGER_MB,
        // Simulators follow a driven clock by way of the broker, as one of the house's programs.
        SUNLEDGER_MQTT_URL: place.mqttUrl,
        SUNLEDGER_SERVICE_SECRET: place.secrets.service,
      }),
    },
  ];
}

/** The gateway of a plant. It knows the broker and its own secret, and nothing else of the house. */
function gatewayPlan(place: HousePlace, plant: DemoPlant): Plan {
  const config = writeGatewayFile(place, plant);
  return {
    name: plant.gateway,
    file: programFile("gateway"),
    env: environment(place, {
      SUNLEDGER_GATEWAY_CONFIG: config,
      SUNLEDGER_MQTT_URL: gatewayMqttUrl(place),
      SUNLEDGER_GATEWAY_SECRET: place.secrets.gateway(plant.gateway),
      SUNLEDGER_OUTBOX_DIR: join(place.folder.outboxes, plant.gateway),
      SUNLEDGER_PROFILE_DIR: place.env.SUNLEDGER_PROFILE_DIR,
      SUNLEDGER_GATEWAY_PROVE_MS: place.env.SUNLEDGER_GATEWAY_PROVE_MS,
    }),
  };
}

/** Makes the days before the first start; ends by itself. */
export function historyPlan(place: HousePlace, until: number): Plan {
  const secrets = place.plants.map(({ historyGateway }) => [
    historyGateway,
    place.secrets.gateway(historyGateway),
  ]);
  return {
    name: "history",
    file: programFile("history"),
    once: true,
    background: true,
    env: environment(place, {
      SUNLEDGER_SCENARIO: place.scenario,
      SUNLEDGER_MQTT_URL: gatewayMqttUrl(place),
      SUNLEDGER_GATEWAY_SECRETS: JSON.stringify(Object.fromEntries(secrets)),
      SUNLEDGER_HISTORY_UNTIL: String(until),
    }),
  };
}

function gatewayMqttUrl({ settings, mqttUrl }: KnownHouse): string {
  return settings.SUNLEDGER_GATEWAY_MQTT_URL ?? mqttUrl;
}

/** What a short-lived program that writes records is told. */
export function environmentFor(known: KnownHouse): Record<string, string> {
  return environment(known, {
    SUNLEDGER_DATABASE_URL: known.databaseUrl,
    SUNLEDGER_AUTH_SECRET: known.secrets.auth,
  });
}

type OwnSettings = Readonly<Record<string, string | undefined>>;

/** What a program is told: the machine's own variables and, of ours, only what it needs to know. */
function environment({ env, settings }: KnownHouse, own: OwnSettings): Record<string, string> {
  const machine = Object.entries(env).filter(([name]) => !name.startsWith("SUNLEDGER_"));
  const { SUNLEDGER_CLOCK, SUNLEDGER_LOG_LEVEL } = settings;
  const all = { ...Object.fromEntries(machine), SUNLEDGER_CLOCK, SUNLEDGER_LOG_LEVEL, ...own };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
