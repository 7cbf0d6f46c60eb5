import type { HouseSettings } from "../settings.ts";
import type { WantedPort } from "./ports.ts";

/** A host that other programs of this machine can reach a listener of `host` by. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** Where the house is to be looked at. */
export function httpAddress(settings: HouseSettings): string {
  const scheme = settings.SUNLEDGER_HTTP_TLS_CERT === undefined ? "http" : "https";
  return `${scheme}://${reachable(settings.SUNLEDGER_HTTP_HOST)}:${settings.SUNLEDGER_HTTP_PORT}`;
}

/** The host that the house's own programs reach its broker by. */
export function brokerHost({ SUNLEDGER_MQTT_HOST }: HouseSettings): string {
  return reachable(SUNLEDGER_MQTT_HOST).replace(/^\[|\]$/g, "");
}

/** The broker that was named, or our own. */
export function mqttAddress(settings: HouseSettings): string {
  const { SUNLEDGER_MQTT_URL, SUNLEDGER_MQTT_HOST, SUNLEDGER_MQTT_PORT } = settings;
  const scheme = settings.SUNLEDGER_MQTT_TLS_CERT === undefined ? "mqtt" : "mqtts";
  return (
    SUNLEDGER_MQTT_URL ?? `${scheme}://${reachable(SUNLEDGER_MQTT_HOST)}:${SUNLEDGER_MQTT_PORT}`
  );
}

/** Where the house's gateways reach the simulated devices. */
export function simulatorHost({ SUNLEDGER_SIMULATOR_HOST }: HouseSettings): string {
  return reachable(SUNLEDGER_SIMULATOR_HOST);
}

/** The Modbus address of the simulated device of that number. */
export function simulatorAddress(settings: HouseSettings, number: number): string {
  return `tcp://${simulatorHost(settings)}:${settings.SUNLEDGER_SIMULATOR_PORT + number}?unit=1`;
}

/** Every port that a house with so many simulated devices listens on; the database finds its own. */
export function wantedPorts(settings: HouseSettings, simulatedDevices: number): WantedPort[] {
  const http = {
    what: "the dashboard and the api",
    host: settings.SUNLEDGER_HTTP_HOST,
    port: settings.SUNLEDGER_HTTP_PORT,
    setting: "SUNLEDGER_HTTP_PORT",
  };
  const mqtt = {
    what: "the MQTT broker",
    host: settings.SUNLEDGER_MQTT_HOST,
    port: settings.SUNLEDGER_MQTT_PORT,
    setting: "SUNLEDGER_MQTT_PORT",
  };
  const simulators = Array.from({ length: simulatedDevices }, (_, number) => ({
    what: "a simulated device",
    host: settings.SUNLEDGER_SIMULATOR_HOST,
    port: settings.SUNLEDGER_SIMULATOR_PORT + number,
    setting: "SUNLEDGER_SIMULATOR_PORT",
  }));
  return settings.SUNLEDGER_MQTT_URL === undefined
    ? [http, mqtt, ...simulators]
    : [http, ...simulators];
}
