import * as z from "zod";
import type { LineAddress, SerialSettings } from "./line-address.ts";

/** Where a device answers. */
export type DeviceAddress = {
  readonly line: LineAddress;
  readonly unit: number;
  /** Which device of a SunSpec chain is meant, from 1. */
  readonly chainDevice: number;
};

/**
 * `tcp://host:port?unit=1`, `rtu+tcp://host:port?baud=9600&unit=1` or
 * `serial:///dev/ttyUSB0?baud=9600&parity=none&stop=1&unit=1`, as text; `addressOf` takes it apart.
 */
export const DeviceUrl = z.string().superRefine((url, context) => {
  const address = parse(url);
  if (typeof address === "string") context.addIssue({ code: "custom", message: address });
});

/** The parts of a device's URL. Throws when it is not one: configurations are parsed before. */
export function addressOf(url: string): DeviceAddress {
  const address = parse(url);
  if (typeof address === "string") throw new Error(`${url} ${address}`);
  return address;
}

const forms = "tcp://host:port?unit=1, rtu+tcp://host:port?unit=1 or serial:///dev/ttyUSB0?unit=1";
const usualPort = 502;
const settingNames = ["baud", "parity", "stop"];
/** 0 is the broadcast of a serial line, which nobody answers; those above are reserved. */
const serialUnits = [1, 247] as const;
const tcpUnits = [0, 255] as const;
const bauds = [300, 4_000_000] as const;

/** Whether a unit may be asked on a serial line. */
export function isSerialUnit(unit: number): boolean {
  const [least, most] = serialUnits;
  return unit >= least && unit <= most;
}

/** Says what is wrong with the text where it is no address. */
function parse(text: string): DeviceAddress | string {
  if (!URL.canParse(text)) return noUrl(text);
  const url = new URL(text);
  const isSerial = url.protocol === "serial:";
  const isTcp = url.protocol === "tcp:";
  if (!isSerial && !isTcp && url.protocol !== "rtu+tcp:") return `is not ${forms}`;
  const asked = new Set([...(isTcp ? [] : settingNames), "unit", "device"]);
  const names = [...url.searchParams.keys()];
  const strange = names.find((name) => !asked.has(name));
  if (strange !== undefined) {
    return `names ${strange}, which is none of ${[...asked].join(", ")}`;
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `names ${twice} twice`;
  if (url.hash !== "" || url.username !== "" || url.password !== "") return `is not ${forms}`;

  const unit = numberIn(url, "unit", 1, isTcp ? tcpUnits : serialUnits);
  if (typeof unit === "string") return unit;
  const chainDevice = numberIn(url, "device", 1, [1, 9_999]);
  if (typeof chainDevice === "string") return chainDevice;
  const line = isSerial ? serialLine(url) : tcpLine(url, isTcp ? "tcp" : "rtu+tcp");
  return typeof line === "string" ? line : { line, unit, chainDevice };
}

function tcpLine(url: URL, transport: "tcp" | "rtu+tcp"): LineAddress | string {
  if (url.hostname === "") return "names no host";
  if (url.pathname !== "" && url.pathname !== "/") return `has a path, ${url.pathname}`;
  const port = url.port === "" ? usualPort : Number(url.port);
  if (port === 0) return portFault(url.port);
  // A literal IPv6 address stands in brackets in a URL and without them in a socket's options.
  const line = { transport, host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port };
  if (!settingNames.some((name) => url.searchParams.has(name))) return line;
  const serial = serialSettings(url);
  return typeof serial === "string" ? serial : { ...line, serial };
}

/** Says why the text is no URL at all: often it is the port alone. */
function noUrl(text: string): string {
  const [, before = "", port = "", after = ""] =
    /^((?:rtu\+)?tcp:\/\/(?:\[[^\]]*\]|[^:/?#]+)):([^:/?#]+)(.*)$/.exec(text) ?? [];
  return URL.canParse(before + after) ? portFault(port) : `is not ${forms}`;
}

/** Says what a port should be. */
export function portFault(port: string): string {
  return `has port ${port}: a whole number from 1 to 65535`;
}

function serialLine(url: URL): LineAddress | string {
  if (url.host !== "") {
    return `has a host, ${url.host}: a port of this machine is serial:///dev/ttyUSB0, with three strokes`;
  }
  const path = pathOf(url);
  if (path === undefined) return "names no serial port";
  const settings = serialSettings(url);
  return typeof settings === "string" ? settings : { transport: "serial", path, ...settings };
}

function serialSettings(url: URL): SerialSettings | string {
  const baud = numberIn(url, "baud", 9_600, bauds);
  if (typeof baud === "string") return baud;
  const parity = url.searchParams.get("parity") ?? "none";
  if (!isParity(parity)) return `has parity=${parity}: none, even or odd`;
  const stop = url.searchParams.get("stop") ?? "1";
  if (stop !== "1" && stop !== "2") return `has stop=${stop}: 1 or 2`;
  return { baud, parity, stopBits: stop === "1" ? 1 : 2 };
}

/** `/dev/ttyUSB0`, or `COM3` where ports are named so. */
function pathOf({ pathname }: URL): string | undefined {
  if (/^\/COM\d+$/i.test(pathname)) return pathname.slice(1);
  return /^\/[^?]*[^/]$/.test(pathname) ? decoded(pathname) : undefined;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURI(path);
  } catch {
    return undefined;
  }
}

function isParity(text: string): text is SerialSettings["parity"] {
  return text === "none" || text === "even" || text === "odd";
}

function numberIn(
  url: URL,
  name: string,
  usual: number,
  [least, most]: readonly [number, number],
): number | string {
  const text = url.searchParams.get(name);
  if (text === null) return usual;
  const number = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  return `has ${name}=${text}: a whole number from ${least} to ${most}`;
}
