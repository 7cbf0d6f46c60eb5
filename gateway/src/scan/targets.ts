import { isIPv6 } from "node:net";
import { DeviceUrl, portFault } from "@sunledger/model/device-url";

/** What a scan looks at: one device, or every host of a range. */
export type Target =
  | { readonly kind: "device"; readonly url: string }
  | { readonly kind: "hosts"; readonly hosts: readonly string[]; readonly port: number };

/** What was given cannot be scanned; the message says what can. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}

/** A range beyond this is a mistake rather than a plant. */
const mostHosts = 4_096;
const usualPort = 502;

/**
 * A device's URL, the name or address of a host, `192.168.1.0/24` or `192.168.1.10..192.168.1.50`, each of
 * those with `:port`.
 */
export function targetOf(text: string): Target {
  const asUrl = DeviceUrl.safeParse(text);
  if (asUrl.success) return { kind: "device", url: text };
  if (/^(tcp|rtu\+tcp|serial):/.test(text)) {
    throw new TargetError(`${text} ${asUrl.error.issues[0]?.message}`);
  }
  const [, range = "", port] = /^([^:[\]]*|\[[^[\]]*\])(?::([^/]*))?$/.exec(text) ?? [];
  const one = hostIn(range);
  if (one !== undefined) return { kind: "hosts", hosts: [one], port: portOf(text, port) };
  const hosts = subnet(range) ?? stretch(range);
  if (!hosts) {
    throw new TargetError(
      `${text} is neither a host nor tcp://host:port?unit=1 nor rtu+tcp://host:port nor serial:///dev/ttyUSB0 nor 192.168.1.0/24 nor 192.168.1.10..192.168.1.50`,
    );
  }
  const number = portOf(text, port);
  const [first, last] = hosts;
  if (last < first) throw new TargetError(`${text} ends before it begins`);
  if (last - first >= mostHosts) {
    throw new TargetError(`${text} has ${last - first + 1} hosts: at most ${mostHosts} at a time`);
  }
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return { kind: "hosts", hosts: numbers.map(dotted), port: number };
}

function portOf(text: string, port: string | undefined): number {
  if (port === undefined) return usualPort;
  const number = Number(/^\d{1,5}$/.exec(port) ?? 0);
  if (number < 1 || number > 65_535) throw new TargetError(`${text} ${portFault(port)}`);
  return number;
}

/** A host's name, as RFC 1123 has them, or its address, IPv6 in brackets; what is all numbers is an address. */
function hostIn(text: string): string | undefined {
  const [, six] = /^\[(.*)\]$/.exec(text) ?? [];
  if (six !== undefined) return isIPv6(six) ? six : undefined;
  if (/^[\d.]+$/.test(text)) return numberOf(text) === undefined ? undefined : text;
  const isName = text.length <= 253 && text.split(".").every((part) => hostLabel.test(part));
  return isName ? text : undefined;
}

const hostLabel = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/** `1-247`, `3`, `1-10,100`: unit ids in the order given, each once. */
export function unitsOf(text: string): readonly number[] {
  const units = text.split(",").flatMap((part) => {
    const [, from, to = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim()) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || last > 255 || last < first) {
      throw new TargetError(`${text} are no units: 1-247, or 1,3,100-110, from 0 to 255`);
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(units)];
}

type Stretch = readonly [first: number, last: number];

function subnet(text: string): Stretch | undefined {
  const [address = "", bits = "", ...more] = text.split("/");
  const number = numberOf(address);
  if (number === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32 || more.length > 0)
    return;
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size;
  // The network's own address and the broadcast belong to no host.
  return size > 2 ? [first + 1, first + size - 2] : [first, first + size - 1];
}

function stretch(text: string): Stretch | undefined {
  const [from = "", to = "", ...more] = text.split("..");
  const [first, last] = [numberOf(from), numberOf(to)];
  return first === undefined || last === undefined || more.length > 0 ? undefined : [first, last];
}

function numberOf(address: string): number | undefined {
  const parts = address.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}
