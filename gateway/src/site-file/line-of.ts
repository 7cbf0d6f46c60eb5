import { addressOf } from "../modbus/device-url.ts";
import { lineKey } from "../modbus/line-address.ts";

/** The line that a device's URL leads to, the same text for all devices behind it. */
export function lineOf(url: string): string {
  return lineKey(addressOf(url).line).replace(/^tcp:\/\//, "");
}
