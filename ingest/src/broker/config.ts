import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { ClockMode, ConfigError } from "@sunledger/runtime";
import * as z from "zod";

export const BrokerConfig = z.object({
  SUNLEDGER_MQTT_HOST: z.string().default("127.0.0.1"),
  SUNLEDGER_MQTT_PORT: z.coerce.number().int().min(0).max(65_535).default(1883),
  /** Certificate chain and key, PEM files: required beyond loopback. */
  SUNLEDGER_MQTT_TLS_CERT: z.string().optional(),
  SUNLEDGER_MQTT_TLS_KEY: z.string().optional(),
  SUNLEDGER_DATABASE_URL: z.string().min(1),
  SUNLEDGER_SERVICE_SECRET: z.string().min(16),
  SUNLEDGER_CLOCK: ClockMode,
});
export type BrokerConfig = z.infer<typeof BrokerConfig>;

export type ListenOn = {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
};

type ListenSettings = Pick<
  BrokerConfig,
  | "SUNLEDGER_MQTT_HOST"
  | "SUNLEDGER_MQTT_PORT"
  | "SUNLEDGER_MQTT_TLS_CERT"
  | "SUNLEDGER_MQTT_TLS_KEY"
>;

/** Where to listen. Passwords travel in the clear without TLS: beyond loopback that is refused. */
export function listenOn(settings: ListenSettings): ListenOn {
  const host = settings.SUNLEDGER_MQTT_HOST;
  const place = { host, port: settings.SUNLEDGER_MQTT_PORT };
  const { SUNLEDGER_MQTT_TLS_CERT: cert, SUNLEDGER_MQTT_TLS_KEY: key } = settings;
  if (cert && key) {
    return {
      ...place,
      tls: {
        cert: pem(cert, "SUNLEDGER_MQTT_TLS_CERT"),
        key: pem(key, "SUNLEDGER_MQTT_TLS_KEY"),
      },
    };
  }
  if (cert || key) {
    throw new ConfigError(
      "SUNLEDGER_MQTT_TLS_CERT and SUNLEDGER_MQTT_TLS_KEY belong together: set both or neither",
    );
  }
  if (!isLoopback(host)) {
    throw new ConfigError(
      `SUNLEDGER_MQTT_HOST is ${host}, which other machines can reach: set SUNLEDGER_MQTT_TLS_CERT and SUNLEDGER_MQTT_TLS_KEY to the PEM files of a certificate, or listen on 127.0.0.1`,
    );
  }
  return place;
}

export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

function pem(file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConfigError(`${setting}: cannot read ${file}`, { cause });
  }
}
