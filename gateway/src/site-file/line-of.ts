import { addressOf } from "../modbus/device-url.ts";

/** The line that a device's URL leads to, the same text for all devices behind it. */
export function lineOf(url: string): string {
  const { host, port } = addressOf(url);
  return `${host.includes(":") ? `[${host}]` : host.toLowerCase()}:${port}`;
}
