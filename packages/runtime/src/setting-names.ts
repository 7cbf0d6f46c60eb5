import { nearestNames } from "./nearest-names.ts";

/**
 * Every setting of every program, so that each program knows a mistyped one for what it is, also where
 * the setting is another's.
 */
export const settingNames: readonly string[] = [
  "SUNLEDGER_API",
  "SUNLEDGER_AUTH_SECRET",
  "SUNLEDGER_BENCH_RATE",
  "SUNLEDGER_CHROMIUM",
  "SUNLEDGER_CLOCK",
  "SUNLEDGER_COMMIT_MS",
  "SUNLEDGER_DASHBOARD_DIR",
  "SUNLEDGER_DATABASE_OWNER_URL",
  "SUNLEDGER_DATABASE_URL",
  "SUNLEDGER_DATA_DIR",
  "SUNLEDGER_DRIVEN_PROGRAMS",
  "SUNLEDGER_FAILPOINT",
  "SUNLEDGER_GATEWAY_CONFIG",
  "SUNLEDGER_GATEWAY_ID",
  "SUNLEDGER_GATEWAY_METRICS_PORT",
  "SUNLEDGER_GATEWAY_MQTT_URL",
  "SUNLEDGER_GATEWAY_PROVE_MS",
  "SUNLEDGER_GATEWAY_SECRET",
  "SUNLEDGER_GATEWAY_SECRETS",
  "SUNLEDGER_HISTORY_UNTIL",
  "SUNLEDGER_HTTP_HOST",
  "SUNLEDGER_HTTP_PORT",
  "SUNLEDGER_HTTP_TLS_CERT",
  "SUNLEDGER_HTTP_TLS_KEY",
  "SUNLEDGER_INGEST_METRICS_PORT",
  "SUNLEDGER_INGEST_WORKER",
  "SUNLEDGER_INGEST_WORKERS",
  "SUNLEDGER_INPUT_DIR",
  "SUNLEDGER_KEEP_MINUTES_DAYS",
  "SUNLEDGER_KEEP_RAW_DAYS",
  "SUNLEDGER_LEDGER_DIR",
  "SUNLEDGER_LEDGER_MB",
  "SUNLEDGER_LEDGER_PORT",
  "SUNLEDGER_LOG_FORMAT",
  "SUNLEDGER_LOG_LEVEL",
  "SUNLEDGER_MQTT_HOST",
  "SUNLEDGER_MQTT_PORT",
  "SUNLEDGER_MQTT_TLS_CERT",
  "SUNLEDGER_MQTT_TLS_KEY",
  "SUNLEDGER_MQTT_URL",
  "SUNLEDGER_OUTBOX_DIR",
  "SUNLEDGER_PACK_AFTER_DAYS",
  "SUNLEDGER_PROFILE_DIR",
  "SUNLEDGER_PUBLIC_URL",
  "SUNLEDGER_SCENARIO",
  "SUNLEDGER_SERVICE_SECRET",
  "SUNLEDGER_SHIPPED_PROFILES",
  "SUNLEDGER_SIMULATOR_HOST",
  "SUNLEDGER_SIMULATOR_OPEN",
  "SUNLEDGER_SIMULATOR_PORT",
  "SUNLEDGER_STATE_DIR",
  "SUNLEDGER_TEST_FULL",
  "SUNLEDGER_TEST_SEED",
  "SUNLEDGER_TIMESERIES_URL",
  "SUNLEDGER_TRUSTED_PROXIES",
  "SUNLEDGER_WRITE_HOST",
  "SUNLEDGER_WRITE_PORT",
  "SUNLEDGER_WRITE_TLS_CERT",
  "SUNLEDGER_WRITE_TLS_KEY",
  "SUNLEDGER_WRITE_TOKEN",
];

const prefix = "SUNLEDGER_";

/**
 * What is wrong with the names in an environment: those that look like settings of ours and are none,
 * each with the one that was probably meant.
 */
export function mistypedSettings(env: Readonly<NodeJS.ProcessEnv>): string[] {
  return Object.entries(env).flatMap(([name, value = ""]) => {
    const isOurs = name.toUpperCase().startsWith(prefix) && !isServiceAddress(name, value);
    if (!isOurs || value === "" || settingNames.includes(name)) return [];
    const meant = nearest(name);
    return [`${name} is no setting: ${meant ? `did you mean ${meant}?` : "take it away"}`];
  });
}

/** The settings of ours, of whatever program, that an environment names without a value. */
export function emptySettings(env: Readonly<NodeJS.ProcessEnv>): string[] {
  return settingNames.filter((name) => env[name] === "");
}

/** Container platforms tell every program of each service beside it, under the service's own name. */
function isServiceAddress(name: string, value: string): boolean {
  return /_SERVICE_(HOST|PORT)|_PORT_\d+_/.test(name) || /^(tcp|udp|sctp):\/\//.test(value);
}

function nearest(name: string): string | undefined {
  const farthest = Math.ceil((name.length - prefix.length) / 3);
  return nearestNames(name.toUpperCase(), settingNames, farthest)[0];
}
