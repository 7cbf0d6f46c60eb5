import * as z from "zod";

/** Where a device answers. */
export type DeviceAddress = {
  readonly host: string;
  readonly port: number;
  readonly unit: number;
  /** Which device of a SunSpec chain is meant, from 1. */
  readonly chainDevice: number;
};

/** `tcp://host:port?unit=1`, as text; `addressOf` takes it apart. */
export const DeviceUrl = z.string().refine((url) => parse(url) !== undefined, {
  error: "is not tcp://host:port?unit=1 with a unit from 0 to 255",
});

/** The parts of a device's URL. Throws when it is not one: configurations are parsed before. */
export function addressOf(url: string): DeviceAddress {
  const address = parse(url);
  if (!address) throw new Error(`${url} is not tcp://host:port?unit=1`);
  return address;
}

const known = new Set(["unit", "device"]);

function parse(text: string): DeviceAddress | undefined {
  if (!URL.canParse(text)) return;
  const url = new URL(text);
  if (url.protocol !== "tcp:" || url.hostname === "" || !["", "/"].includes(url.pathname)) return;
  if ([...url.searchParams.keys()].some((name) => !known.has(name))) return;
  const port = url.port === "" ? 502 : Number(url.port);
  const unit = wholeNumber(url.searchParams.get("unit") ?? "1");
  const chainDevice = wholeNumber(url.searchParams.get("device") ?? "1");
  if (unit === undefined || unit > 255 || !chainDevice) return;
  // A literal IPv6 address stands in brackets in a URL and without them in a socket's options.
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port, unit, chainDevice };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
