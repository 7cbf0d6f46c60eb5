import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { ConfigError } from "./config.ts";

export type ListenerTls = { readonly cert: Buffer; readonly key: Buffer };

const httpNames = {
  host: "SUNLEDGER_HTTP_HOST",
  cert: "SUNLEDGER_HTTP_TLS_CERT",
  key: "SUNLEDGER_HTTP_TLS_KEY",
};
const mqttNames = {
  host: "SUNLEDGER_MQTT_HOST",
  cert: "SUNLEDGER_MQTT_TLS_CERT",
  key: "SUNLEDGER_MQTT_TLS_KEY",
};

const writeNames = {
  host: "SUNLEDGER_WRITE_HOST",
  cert: "SUNLEDGER_WRITE_TLS_CERT",
  key: "SUNLEDGER_WRITE_TLS_KEY",
};

/** The settings of the api's listener; certificate chain and key are PEM files. */
type HttpListener = {
  readonly SUNLEDGER_HTTP_HOST: string;
  readonly SUNLEDGER_HTTP_TLS_CERT?: string | undefined;
  readonly SUNLEDGER_HTTP_TLS_KEY?: string | undefined;
  readonly SUNLEDGER_PUBLIC_URL?: string | undefined;
  readonly SUNLEDGER_TRUSTED_PROXIES: readonly string[];
};

/**
 * Certificate and key of the api; absent where it speaks in the clear: on loopback, or behind a proxy
 * that is named and makes the address https. Throws a `ConfigError` where passwords would travel in the
 * clear, and for a certificate that cannot be used.
 */
export function httpTls(settings: HttpListener): ListenerTls | undefined {
  const isHttps = settings.SUNLEDGER_PUBLIC_URL?.startsWith("https:") ?? false;
  return listenerTls(httpNames, {
    host: settings.SUNLEDGER_HTTP_HOST,
    cert: settings.SUNLEDGER_HTTP_TLS_CERT,
    key: settings.SUNLEDGER_HTTP_TLS_KEY,
    proxied: isHttps && settings.SUNLEDGER_TRUSTED_PROXIES.length > 0,
    or:
      "or name the proxy that speaks TLS in front of it with SUNLEDGER_TRUSTED_PROXIES and an " +
      "https SUNLEDGER_PUBLIC_URL, ",
  });
}

/** The settings of the broker's listener; certificate chain and key are PEM files. */
type MqttListener = {
  readonly SUNLEDGER_MQTT_HOST: string;
  readonly SUNLEDGER_MQTT_TLS_CERT?: string | undefined;
  readonly SUNLEDGER_MQTT_TLS_KEY?: string | undefined;
};

/** The same of the embedded broker, which no proxy stands in front of. */
export function mqttTls(settings: MqttListener): ListenerTls | undefined {
  return listenerTls(mqttNames, {
    host: settings.SUNLEDGER_MQTT_HOST,
    cert: settings.SUNLEDGER_MQTT_TLS_CERT,
    key: settings.SUNLEDGER_MQTT_TLS_KEY,
  });
}

/** The settings of the listener for line protocol; certificate chain and key are PEM files. */
type WriteListener = {
  readonly SUNLEDGER_WRITE_HOST: string;
  readonly SUNLEDGER_WRITE_TLS_CERT?: string | undefined;
  readonly SUNLEDGER_WRITE_TLS_KEY?: string | undefined;
};

/** The same of where line protocol is taken: its token must not travel in the clear. */
export function writeTls(settings: WriteListener): ListenerTls | undefined {
  return listenerTls(writeNames, {
    host: settings.SUNLEDGER_WRITE_HOST,
    cert: settings.SUNLEDGER_WRITE_TLS_CERT,
    key: settings.SUNLEDGER_WRITE_TLS_KEY,
  });
}

type Names = { readonly host: string; readonly cert: string; readonly key: string };

type Listener = {
  readonly host: string;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly proxied?: boolean;
  /** What else would do, as a part of a sentence. */
  readonly or?: string;
};

function listenerTls(names: Names, settings: Listener): ListenerTls | undefined {
  const { host, cert, key, proxied = false, or = "" } = settings;
  if (cert && key) {
    const tls = { cert: pem(cert, names.cert), key: pem(key, names.key) };
    requireUsable(tls, names);
    return tls;
  }
  if (cert || key) {
    throw new ConfigError(`${names.cert} and ${names.key} belong together: set both or neither`);
  }
  if (isLoopback(host) || proxied) return undefined;
  throw new ConfigError(
    `${names.host} is ${host}, which other machines can reach: set ${names.cert} and ${names.key} ` +
      `to the PEM files of a certificate, ${or}or listen on 127.0.0.1`,
  );
}

/** Whether only this machine reaches a listener there. */
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

function requireUsable(tls: ListenerTls, names: Names) {
  try {
    createSecureContext(tls);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${names.cert} and ${names.key} cannot be used: ${reason}`, { cause });
  }
}
