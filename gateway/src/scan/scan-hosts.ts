import { isSerialUnit } from "@sunledger/model/device-url";
import { type LineAddress, lineText, unitUrl } from "@sunledger/model/line-address";
import { type Links, modbusLinks } from "../modbus/links.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { answeringUnits } from "./answering-units.ts";
import { scanByPlace } from "./by-place.ts";
import { childrenOf, loggersAt, loggersOf, type Place } from "./loggers.ts";
import { type Scan, type ScanParts, scanDevice, UnknownDevice } from "./scan-device.ts";
import { unitsInARow } from "./units-in-a-row.ts";

/** What a search over hosts and units found, in the order of the hosts. */
export type SiteScan = {
  readonly found: readonly Scan[];
  /** What answers and is not known, with the reason. */
  readonly unknown: readonly Unknown[];
  /** Hosts that took a connection. */
  readonly answering: number;
};

export type Unknown = { readonly url: string; readonly reason: string };

export type SiteParts = LinesParts & {
  readonly hosts: readonly string[];
  readonly port: number;
};

export type LinesParts = Omit<ScanParts, "url" | "links"> & {
  /** Else the units that devices usually have, and those that a logger serves which was found. */
  readonly units?: readonly number[];
  /** How long a unit may take to answer anything. */
  readonly timeoutMs: number;
  /** How long a host may take to accept a connection; as long as a unit where it is absent. */
  readonly connectTimeoutMs?: number;
  /** The connections of a line that somebody uses already; else it is opened for the search. */
  readonly shared?: (line: LineAddress) => Links | undefined;
  /** Why a line is left alone; `undefined` where it may be opened. */
  readonly taken?: (line: LineAddress) => string | undefined;
  readonly onFound?: (scan: Scan) => void;
  readonly onUnknown?: (unknown: Unknown) => void;
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

/** Looks for devices at every host and unit given. Only reads; a host that is away is no error. */
export function scanHosts({ hosts, port, ...parts }: SiteParts): Promise<SiteScan> {
  return scanLines(
    hosts.map((host) => ({ transport: "tcp", host, port })),
    parts,
  );
}

/** Looks for devices at every unit given of every line. */
export async function scanLines(
  lines: readonly LineAddress[],
  parts: LinesParts,
): Promise<SiteScan> {
  const { signal } = parts;
  const results = new Map<LineAddress, HostScan>();
  const waiting = [...lines];
  let done = 0;
  let answering = 0;
  const work = async () => {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      signal.throwIfAborted();
      const result = await scanLine(line, parts);
      if (result) results.set(line, result);
      if (result && !result.isLeft) answering += 1;
      done += 1;
      parts.onHost?.(done, answering);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, lines.length) }, work));
  const inOrder = lines.flatMap((line) => results.get(line) ?? []);
  return {
    found: inOrder.flatMap(({ found }) => found),
    unknown: inOrder.flatMap(({ unknown }) => unknown),
    answering,
  };
}

type HostScan = Pick<SiteScan, "found" | "unknown"> & {
  /** It was not opened. */
  readonly isLeft?: boolean;
};

/** `undefined` when nobody takes the connection. */
async function scanLine(line: LineAddress, parts: LinesParts): Promise<HostScan | undefined> {
  const reason = parts.taken?.(line);
  if (reason !== undefined) {
    const unknown: Unknown[] = [];
    tellUnknown({ url: lineText(line), reason }, unknown, parts);
    return { found: [], unknown, isLeft: true };
  }
  const all = parts.units ?? usualUnits(parts.profiles);
  const units = line.transport === "tcp" ? all : all.filter(isSerialUnit);
  const first = await overLinks(line, parts, (links) => scanUnits(line, units, links, parts));
  if (!first || first.found.length + first.unknown.length > 0) return first;
  return overLinks(line, parts, (links) => {
    const manners = { connectDelayMs: deafMs, minRequestIntervalMs: 0, window: 1 };
    links.to(line).bind(manners);
    const timeoutMs = Math.max(parts.timeoutMs, slowMs);
    return scanUnits(line, units.slice(0, mostPatient), links, { ...parts, timeoutMs });
  });
}

async function overLinks(
  line: LineAddress,
  { clock, log, trace, timeoutMs, connectTimeoutMs = timeoutMs, signal, shared }: LinesParts,
  work: (links: Links) => Promise<HostScan>,
): Promise<HostScan | undefined> {
  const own = { clock, log, connectTimeoutMs, ...(trace && { trace }) };
  const links = shared?.(line) ?? modbusLinks(own);
  try {
    await links.to(line).connect(signal);
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
  line: LineAddress,
  [first = 1, ...others]: readonly number[],
  links: Links,
  parts: LinesParts,
): Promise<HostScan> {
  const { signal } = parts;
  const result: Mutable = { found: [], unknown: [], asked: new Set() };
  const look = (place: Place) => lookAt(line, place, links, parts, result);
  const usual = (units: readonly number[]): Place => ({ units, profiles: [], only: false });
  try {
    await look(usual([first]));
    if (parts.units) {
      await look(usual(others));
      return result;
    }
    // A search that was not told which units there are ends with the first that is one.
    const isDone = result.found.length + result.unknown.length > 0;
    if (parts.profile === undefined) {
      const { profiles } = parts;
      // Whatever else answers may be a logger's child, of which only its logger knows what it is.
      if (!isDone) await look(usual(others.filter((unit) => loggersAt(profiles, unit).length > 0)));
      for (const place of loggersOf(profiles, result.found)) await look(place);
      for (const place of childrenOf(profiles, result.found)) await look(place);
    }
    if (!isDone) await look(usual(others));
  } catch (error) {
    signal.throwIfAborted();
    const lost = { url: lineText(line), reason: (error as Error).message };
    tellUnknown(lost, result.unknown, parts);
  }
  return result;
}

/** What answers and is not known is in the result, and told at once. */
function tellUnknown(one: Unknown, unknown: Unknown[], { onUnknown }: LinesParts): void {
  unknown.push(one);
  onUnknown?.(one);
}

type Mutable = {
  readonly found: Scan[];
  readonly unknown: Unknown[];
  /** The units that were looked at. */
  readonly asked: Set<number>;
};

async function lookAt(
  line: LineAddress,
  place: Place,
  links: Links,
  parts: LinesParts,
  { found, unknown, asked }: Mutable,
): Promise<void> {
  const { timeoutMs, signal } = parts;
  const link = links.to(line);
  const units = place.units.filter((unit) => !asked.has(unit));
  for (const unit of units) asked.add(unit);
  const row = unitsInARow(found, (scan) => {
    found.push(scan);
    parts.onFound?.(scan);
  });
  try {
    for await (const unit of answeringUnits({ link, units, timeoutMs, signal })) {
      const url = unitUrl(line, unit);
      try {
        const scan = await scanUnit(unit, place, { ...parts, url, links });
        const end = scan && row.take(scan);
        if (end?.remark) tellUnknown({ url, reason: end.remark }, unknown, parts);
        if (end) return;
      } catch (error) {
        signal.throwIfAborted();
        tellUnknown({ url, reason: (error as Error).message }, unknown, parts);
      }
    }
  } finally {
    row.end();
  }
}

/** What answers at the unit; `undefined` where it is not what is expected there alone. */
async function scanUnit(unit: number, place: Place, parts: ScanParts): Promise<Scan | undefined> {
  if (place.only) return scanByPlace(parts, place.profiles);
  try {
    return await scanDevice(parts);
  } catch (error) {
    if (!(error instanceof UnknownDevice) || parts.profile !== undefined) throw error;
    const expected = [...place.profiles, ...loggersAt(parts.profiles, unit)];
    const scan = await scanByPlace(parts, expected);
    if (scan) return scan;
    throw error;
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
