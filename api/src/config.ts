import { isIPv6 } from "node:net";
import { ClockMode, httpTls, type ListenerTls, TrustedProxies } from "@sunledger/runtime";
import * as z from "zod";

const Port = z.coerce.number().int().min(0).max(65_535);
const DatabaseUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** The settings of the api. */
export const ApiConfig = z.object({
  SUNLEDGER_HTTP_HOST: z.string().default("127.0.0.1"),
  SUNLEDGER_HTTP_PORT: Port.default(8080),
  /** Certificate chain and key, PEM files: required beyond loopback, but behind a proxy. */
  SUNLEDGER_HTTP_TLS_CERT: z.string().optional(),
  SUNLEDGER_HTTP_TLS_KEY: z.string().optional(),
  /** The address people type, when a proxy stands in front: https makes cookies secure. */
  SUNLEDGER_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Whose word counts for where a request comes from; nobody's by default. */
  SUNLEDGER_TRUSTED_PROXIES: TrustedProxies.default([]),
  SUNLEDGER_MQTT_URL: z.url({ protocol: /^mqtts?$/ }).default("mqtt://127.0.0.1:1883"),
  SUNLEDGER_DATABASE_URL: DatabaseUrl,
  /** Absent: frames are in the database. */
  SUNLEDGER_TIMESERIES_URL: z.url().optional(),
  SUNLEDGER_SERVICE_SECRET: z.string().min(16),
  SUNLEDGER_AUTH_SECRET: z.string().min(32),
  /** The built dashboard; absent: the api answers alone. */
  SUNLEDGER_DASHBOARD_DIR: z.string().optional(),
  /** The device profiles that are shipped, and those of the installation beside them. */
  SUNLEDGER_SHIPPED_PROFILES: z.string().optional(),
  SUNLEDGER_PROFILE_DIR: z.string().optional(),
  SUNLEDGER_CLOCK: ClockMode,
});
export type ApiConfig = z.infer<typeof ApiConfig>;

export type ListenOn = {
  readonly host: string;
  readonly port: number;
  readonly tls?: ListenerTls;
};

type ListenSettings = Pick<ApiConfig, "SUNLEDGER_HTTP_PORT"> & Parameters<typeof httpTls>[0];

/** Where to listen, with TLS of its own or a proxy's beyond loopback, and the address people type. */
export function listenOn(settings: ListenSettings): { listen: ListenOn; publicUrl: string } {
  const { SUNLEDGER_HTTP_HOST: host, SUNLEDGER_HTTP_PORT: port } = settings;
  const tls = httpTls(settings);
  const own = `${tls ? "https" : "http"}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    listen: { host, port, ...(tls && { tls }) },
    publicUrl: settings.SUNLEDGER_PUBLIC_URL ?? own,
  };
}
