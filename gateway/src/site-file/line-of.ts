import { addressOf } from "@sunledger/model/device-url";
import { lineKey } from "@sunledger/model/line-address";

/** The line that a device's URL leads to, the same text for all devices behind it. */
export function lineOf(url: string): string {
  return lineKey(addressOf(url).line).replace(/^tcp:\/\//, "");
}
