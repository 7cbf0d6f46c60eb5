import { addressOf, DeviceUrl } from "./device-url.ts";
import { lineKey } from "./line-address.ts";

/**
 * The place that a device's URL leads to, in words and the same for all ways to write it: two devices at one
 * place would be one that is read twice. `undefined` for what is no such URL.
 */
export function devicePlace(text: string): string | undefined {
  if (!DeviceUrl.safeParse(text).success) return undefined;
  const { line, unit, chainDevice } = addressOf(text);
  const place = `${lineKey(line).replace(/^tcp:\/\//, "")} unit ${unit}`;
  return chainDevice === 1 ? place : `${place} device ${chainDevice}`;
}
