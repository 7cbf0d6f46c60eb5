import { homedir } from "node:os";
import { join } from "node:path";
import { ClockMode, SimulatorOpen, TrustedProxies } from "@sunledger/runtime";
import * as z from "zod";

const Port = z.coerce.number().int().min(1).max(65_535);
const Host = z.string().min(1);
const schemes = (...names: string[]) =>
  z
    .string()
    .refine((text) => names.some((name) => text.startsWith(`${name}://`)) && URL.canParse(text), {
      error: `not a URL that begins with ${names.map((name) => `${name}://`).join(" or ")}`,
    });

/** Where an installation keeps everything, unless it is told otherwise. */
export function defaultDataFolder(): string {
  return process.getuid?.() === 0 ? "/var/lib/sunledger" : join(homedir(), ".sunledger");
}

export const DataFolderSettings = z.object({
  SUNLEDGER_DATA_DIR: z.string().min(1).default(defaultDataFolder),
});

/** The settings of a whole installation on one machine. */
export const HouseSettings = DataFolderSettings.extend({
  SUNLEDGER_HTTP_HOST: Host.default("127.0.0.1"),
  SUNLEDGER_HTTP_PORT: Port.default(8_080),
  /** Certificate chain and key of the api, PEM files. */
  SUNLEDGER_HTTP_TLS_CERT: z.string().optional(),
  SUNLEDGER_HTTP_TLS_KEY: z.string().optional(),
  SUNLEDGER_MQTT_HOST: Host.default("127.0.0.1"),
  SUNLEDGER_MQTT_PORT: Port.default(1_883),
  /** Certificate chain and key of the embedded broker, PEM files. */
  SUNLEDGER_MQTT_TLS_CERT: z.string().optional(),
  SUNLEDGER_MQTT_TLS_KEY: z.string().optional(),
  SUNLEDGER_SIMULATOR_HOST: Host.default("127.0.0.1"),
  SUNLEDGER_SIMULATOR_PORT: Port.default(15_020),
  SUNLEDGER_SIMULATOR_OPEN: SimulatorOpen,
  /** Absent: the embedded PostgreSQL. */
  SUNLEDGER_DATABASE_URL: schemes("postgres", "postgresql").optional(),
  /** The role that owns the tables and changes them in a migration; absent: the one above. */
  SUNLEDGER_DATABASE_OWNER_URL: schemes("postgres", "postgresql").optional(),
  /** Absent: the database. */
  SUNLEDGER_TIMESERIES_URL: schemes(
    ...["postgres", "postgresql", "influxdb+http", "influxdb+https"],
    ...["victoriametrics+http", "victoriametrics+https"],
  ).optional(),
  /** How many ingests share the gateways. */
  SUNLEDGER_INGEST_WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  /** Of the first of them; the others' follow it. */
  SUNLEDGER_INGEST_METRICS_PORT: Port.optional(),
  /** Mapping documents of those who are no gateways, and where line protocol is taken. */
  SUNLEDGER_INPUT_DIR: z.string().min(1).optional(),
  SUNLEDGER_WRITE_PORT: Port.optional(),
  /** How long ingest gathers messages for one commit. */
  SUNLEDGER_COMMIT_MS: z.coerce.number().int().min(0).max(5_000).optional(),
  /** After how many days ingest packs a day. */
  SUNLEDGER_PACK_AFTER_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  /** For how many days values, and roll-ups of minutes, are kept. */
  SUNLEDGER_KEEP_RAW_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  SUNLEDGER_KEEP_MINUTES_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  /** The address people type, where a proxy stands in front. */
  SUNLEDGER_PUBLIC_URL: schemes("http", "https").optional(),
  /** The proxies in front whose word counts for where a request comes from. */
  SUNLEDGER_TRUSTED_PROXIES: TrustedProxies.default([]),
  /** Absent: the embedded broker. */
  SUNLEDGER_MQTT_URL: schemes("mqtt", "mqtts").optional(),
  /** Where gateways reach that broker, if not where the house's programs do. */
  SUNLEDGER_GATEWAY_MQTT_URL: schemes("mqtt", "mqtts").optional(),
  SUNLEDGER_CLOCK: ClockMode,
  /** From which events on programs write them into their logs; absent: all but details. */
  SUNLEDGER_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).optional(),
});
export type HouseSettings = z.infer<typeof HouseSettings>;
