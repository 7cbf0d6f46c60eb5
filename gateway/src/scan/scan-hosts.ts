import { type Links, modbusLinks } from "../modbus/links.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { answeringUnits } from "./answering-units.ts";
import { type Scan, type ScanParts, scanDevice } from "./scan-device.ts";

/** What a search over hosts and units found, in the order of the hosts. */
export type SiteScan = {
  readonly found: readonly Scan[];
  /** What answers and is not known, with the reason. */
  readonly unknown: readonly { readonly url: string; readonly reason: string }[];
  /** Hosts that took a connection. */
  readonly answering: number;
};

export type SiteParts = Omit<ScanParts, "url" | "links"> & {
  readonly hosts: readonly string[];
  readonly port: number;
  /** Else the units that devices usually have. */
  readonly units?: readonly number[];
  /** How long a host may take to accept a connection, and a unit to answer anything. */
  readonly timeoutMs: number;
  /** Called whenever a host is done. */
  readonly onHost?: (done: number, answering: number) => void;
};

/** So many hosts at once: a network of 254 is through in seconds, and no switch notices. */
const atOnce = 32;
/** Some devices are deaf for a while after each connect, and slow to answer then. */
const deafMs = 2_000;
const slowMs = 2_000;
/** So many units are asked with that much patience. */
const mostPatient = 2;
/** So many units in a row with one serial number: the device does not look at the unit. */
const sameInARow = 3;

/** Looks for devices at every host and unit given. Only reads; a host that is away is no error. */
export async function scanHosts(parts: SiteParts): Promise<SiteScan> {
  const { hosts, signal } = parts;
  const results = new Map<string, HostScan>();
  const waiting = [...hosts];
  let done = 0;
  let answering = 0;
  const work = async () => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      signal.throwIfAborted();
      const result = await scanHost(host, parts);
      if (result) results.set(host, result);
      if (result) answering += 1;
      done += 1;
      parts.onHost?.(done, answering);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, hosts.length) }, work));
  const inOrder = hosts.flatMap((host) => results.get(host) ?? []);
  return {
    found: inOrder.flatMap(({ found }) => found),
    unknown: inOrder.flatMap(({ unknown }) => unknown),
    answering,
  };
}

type HostScan = Pick<SiteScan, "found" | "unknown">;

/** `undefined` when nobody takes the connection. */
async function scanHost(host: string, parts: SiteParts): Promise<HostScan | undefined> {
  const units = parts.units ?? usualUnits(parts.profiles);
  const first = await overLinks(host, parts, (links) => scanUnits(host, units, links, parts));
  if (!first || first.found.length + first.unknown.length > 0) return first;
  return overLinks(host, parts, (links) => {
    const manners = { connectDelayMs: deafMs, minRequestIntervalMs: 0, window: 1 };
    links.to({ host, port: parts.port }).bind(manners);
    const timeoutMs = Math.max(parts.timeoutMs, slowMs);
    return scanUnits(host, units.slice(0, mostPatient), links, { ...parts, timeoutMs });
  });
}

async function overLinks(
  host: string,
  { port, clock, log, trace, timeoutMs, signal }: SiteParts,
  work: (links: Links) => Promise<HostScan>,
): Promise<HostScan | undefined> {
  const connectTimeoutMs = timeoutMs;
  const links = modbusLinks({ clock, log, connectTimeoutMs, ...(trace && { trace }) });
  try {
    await links.to({ host, port }).connect(signal);
  } catch (error) {
    links.close();
    if (error instanceof ModbusError) return undefined;
    throw error;
  }
  try {
    return await work(links);
  } finally {
    links.close();
  }
}

async function scanUnits(
  host: string,
  [first = 1, ...others]: readonly number[],
  links: Links,
  parts: SiteParts,
): Promise<HostScan> {
  const { signal } = parts;
  const result: Mutable = { found: [], unknown: [] };
  try {
    await lookAt(host, [first], links, parts, result);
    // A search that was not told which units there are ends with the first that is one.
    const isDone = !parts.units && result.found.length + result.unknown.length > 0;
    if (!isDone) await lookAt(host, others, links, parts, result);
  } catch (error) {
    signal.throwIfAborted();
    result.unknown.push({ url: `tcp://${host}:${parts.port}`, reason: (error as Error).message });
  }
  return result;
}

type Mutable = { readonly found: Scan[]; readonly unknown: { url: string; reason: string }[] };

async function lookAt(
  host: string,
  units: readonly number[],
  links: Links,
  parts: SiteParts,
  { found, unknown }: Mutable,
): Promise<void> {
  const { port, timeoutMs, signal } = parts;
  const link = links.to({ host, port });
  let repeated = 0;
  for await (const unit of answeringUnits({ link, units, timeoutMs, signal })) {
    const url = `tcp://${host}:${port}?unit=${unit}`;
    try {
      const scan = await scanDevice({ ...parts, url, links });
      repeated = isKnown(scan, found) ? repeated + 1 : 0;
      if (repeated === 0) found.push(scan);
      if (repeated >= sameInARow) return;
    } catch (error) {
      signal.throwIfAborted();
      unknown.push({ url, reason: (error as Error).message });
    }
  }
}

/** The units that the profiles name: 1 first, since most devices have it. */
function usualUnits(profiles: Profiles): number[] {
  const named = [...profiles.values()].flatMap(({ transport: { unit } }) => [
    unit.default,
    ...(unit.scan ?? []),
  ]);
  return [...new Set([1, ...named])];
}

/** Whether the same devices, by their serial numbers, were met at another unit. */
function isKnown(scan: Scan, found: readonly Scan[]): boolean {
  const serials = serialsOf(scan);
  return serials !== "" && found.some((other) => serialsOf(other) === serials);
}

function serialsOf({ devices }: Scan): string {
  return devices
    .map(({ texts }) => texts["id.serial"] ?? "")
    .join(" ")
    .trim();
}
