import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { ConfigError, httpTls, isLoopback, mqttTls, simulatorFault } from "@sunledger/runtime";
import type { HouseSettings } from "../settings.ts";
import { brokerHost } from "./addresses.ts";
import type { HouseKind } from "./house-record.ts";

/**
 * Throws a `ConfigError` that names every listener that other machines could reach and must not, by the
 * rules of the programs themselves: what they refuse is known before any of them runs.
 */
export function requireListeners(settings: HouseSettings, kind: HouseKind): void {
  const problems = [
    ...(kind === "demo" ? demoFaults(settings) : []),
    ...faultsOf(() => httpTls(settings)),
    ...(settings.SUNLEDGER_MQTT_URL === undefined ? brokerFaults(settings) : []),
  ];
  if (problems.length === 0) return;
  throw new ConfigError(problems.map((problem) => `✖ ${problem}`).join("\n"));
}

function demoFaults(settings: HouseSettings): string[] {
  const { SUNLEDGER_HTTP_HOST: host } = settings;
  const published = isLoopback(host)
    ? []
    : [
        `SUNLEDGER_HTTP_HOST is ${host}, which other machines can reach, and the passwords of a ` +
          "demonstration are published: listen on 127.0.0.1, or start a house with --empty",
      ];
  const open = simulatorFault(settings);
  return open === undefined ? published : [...published, open];
}

/** The house's own programs come by the same listener, so its certificate must name it for them. */
function brokerFaults(settings: HouseSettings): string[] {
  return faultsOf(() => {
    const tls = mqttTls(settings);
    if (!tls) return;
    const host = brokerHost(settings);
    const certificate = new X509Certificate(tls.cert);
    const names = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
    if (names !== undefined) return;
    throw new ConfigError(
      `SUNLEDGER_MQTT_TLS_CERT is no certificate for ${host}, where the house's own programs reach ` +
        "the broker: set SUNLEDGER_MQTT_HOST to a name of this machine that the certificate bears",
    );
  });
}

function faultsOf(rule: () => unknown): string[] {
  try {
    rule();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [error.message];
    throw error;
  }
}
