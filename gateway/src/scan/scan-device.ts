import type { DeviceKind, Flag, Value } from "@sunledger/model";
import { addressOf, type DeviceAddress } from "@sunledger/model/device-url";
import { type LineAddress, unitUrl } from "@sunledger/model/line-address";
import type { Clock } from "@sunledger/runtime";
import type { Link, LinkLog } from "../modbus/link.ts";
import { type Links, modbusLinks } from "../modbus/links.ts";
import { isRefusal, ModbusError } from "../modbus/modbus-error.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";
import type { DeviceConfig } from "../polling/device-config.ts";
import { requestMannersOf } from "../polling/device-limits.ts";
import { chainRulesOf, ProfileMismatch } from "../polling/identify.ts";
import { openDevice } from "../polling/open-device.ts";
import { pollClasses } from "../polling/poll-class.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { unfitFor } from "../profiles/speaks.ts";
import { type ChainModel, type SunspecChain, walkChain } from "../sunspec/chain.ts";
import type { SunspecModels } from "../sunspec/models.ts";
import { confidenceOf } from "./confidence.ts";
import { fittingProfiles, isIdentified, vendorProfile } from "./fitting-profile.ts";
import { heardWords } from "./heard-words.ts";
import { searchingReads } from "./searching-reads.ts";

/** What a scan found at an address. */
export type Scan = {
  readonly url: string;
  readonly by: "sunspec" | "identity" | "plausible values" | "given profile";
  readonly sunspec?: { readonly base: number; readonly remark?: string };
  readonly devices: readonly ScannedDevice[];
  /** Other profiles that would fit as well, the surest first. */
  readonly alternatives: readonly Guess[];
};

/** A profile and how sure it is, in percent. */
export type Guess = { readonly profile: string; readonly confidence: number };

export type ScannedDevice = Guess & {
  readonly kind: DeviceKind;
  readonly models?: readonly ScannedModel[];
  readonly texts: Readonly<Record<string, string>>;
  readonly points: readonly ScannedPoint[];
  /** Points that the profile names and this device does not have. */
  readonly missing: readonly string[];
  /** How many connections it takes, where its profile says so. */
  readonly mostConnections?: number;
  /** Its place in a SunSpec chain of several, from 1. */
  readonly chainDevice?: number;
};

export type ScannedModel = ChainModel & { readonly name?: string };

export type ScannedPoint = {
  readonly point: string;
  readonly value: Value;
  readonly unit: string;
  readonly flag?: Flag;
  /** A state's code in words. */
  readonly label?: string;
  readonly source?: string;
  /** What its registers held, before anything was made of it. */
  readonly words?: readonly number[];
};

export type ScanParts = {
  readonly url: string;
  /** Read by this profile instead of finding one. */
  readonly profile?: string;
  readonly profiles: Profiles;
  readonly models: SunspecModels;
  readonly clock: Clock;
  readonly log: LinkLog;
  readonly trace?: (direction: "sent" | "got", bytes: Buffer) => void;
  readonly signal: AbortSignal;
  /** The connections of a wider search, which closes them itself. */
  readonly links?: Links;
};

/** So many profiles that may fit are read as a whole before the surest is chosen. */
const mostTried = 4;

/** Something answers, but nothing that is known, or that was asked for, fits it. */
export class UnknownDevice extends Error {
  override readonly name = "UnknownDevice";
}

/** Finds out what answers at an address, and reads it once. Rejects with what stands in the way. */
export async function scanDevice(parts: ScanParts): Promise<Scan> {
  const { url, clock, log, trace, signal } = parts;
  const address = addressOf(url);
  const links = parts.links ?? modbusLinks({ clock, log, ...(trace && { trace }) });
  const link = links.to(address.line);
  const generic = parts.profiles.get("sunspec");
  if (!generic) throw new Error("the profile sunspec is not shipped");
  const manners = requestMannersOf(generic, address.unit);
  const read = searchingReads((span) => link.read(span, manners, signal));
  const readAs: ReadAs = (profile, chainDevice) =>
    readOnce({ ...parts, links, profile, url: unitUrl(address.line, address.unit, chainDevice) });

  try {
    if (parts.profile !== undefined) {
      const device = await readAs(parts.profile, address.chainDevice);
      return { url, by: "given profile", devices: [device], alternatives: [] };
    }
    const chain = await walkChain(read, chainRulesOf(generic));
    const profiles = fitFor(address.line, parts.profiles);
    const asked = new URL(url).searchParams.has("device") ? address.chainDevice : undefined;
    if (chain) return { url, ...(await scanChain(chain, asked, readAs, { ...parts, profiles })) };
    if (asked !== undefined && asked > 1) {
      throw new UnknownDevice(`it has no SunSpec map, and so no device ${asked} of one`);
    }
    return { url, ...(await scanMaps(read, readAs, { ...parts, profiles })) };
  } catch (error) {
    throw isForeignSpeech(error, address, link)
      ? new UnknownDevice(`this is no Modbus device: ${(error as Error).message}`)
      : error;
  } finally {
    if (!parts.links) links.close();
  }
}

/** Whether what came was never an answer; on a serial line that may be its settings' fault. */
function isForeignSpeech(error: unknown, { line, unit }: DeviceAddress, link: Link): boolean {
  const { answered, exceptions } = link.figures(unit);
  const isNone = error instanceof ModbusError && error.kind === "protocol";
  return isNone && line.transport === "tcp" && answered + exceptions === 0;
}

/** The profiles whose devices can stand on the line. */
function fitFor(line: LineAddress, profiles: Profiles): Profiles {
  return new Map([...profiles].filter(([, profile]) => !unfitFor(line, profile)));
}

type ReadAs = (profile: string, chainDevice: number) => Promise<ScannedDevice>;

/**
 * Each device of a SunSpec map, or the one that was asked for, by its maker's profile where there is
 * one.
 */
async function scanChain(
  { base, remark, devices: parts }: SunspecChain,
  asked: number | undefined,
  readAs: ReadAs,
  { profiles, models }: ScanParts,
): Promise<Omit<Scan, "url">> {
  if (asked !== undefined && asked > parts.length) {
    const count = parts.length === 1 ? "one device" : `${parts.length} devices`;
    throw new UnknownDevice(`the chain has ${count} only`);
  }
  const devices: ScannedDevice[] = [];
  const alternatives: Guess[] = [];
  for (const [i, part] of parts.entries()) {
    if (asked !== undefined && asked !== i + 1) continue;
    const first = await readAs("sunspec", i + 1);
    const vendor = vendorProfile(first.texts, profiles);
    const device = vendor ? await readAs(vendor, i + 1) : first;
    if (vendor) alternatives.push({ profile: "sunspec", confidence: first.confidence });
    const place = parts.length > 1 ? { chainDevice: i + 1 } : {};
    devices.push({ ...device, ...place, models: part.map((m) => named(m, models)) });
  }
  const sunspec = remark === undefined ? { base } : { base, remark };
  return { by: "sunspec", sunspec, devices, alternatives: alternatives.slice(0, 1) };
}

/** The surest of the profiles with a map of their own. */
async function scanMaps(
  read: ReadRegisters,
  readAs: ReadAs,
  { profiles }: ScanParts,
): Promise<Omit<Scan, "url">> {
  const { by, ids } = await fittingProfiles(profiles, read);
  const tried: ScannedDevice[] = [];
  for (const id of ids.slice(0, mostTried)) {
    tried.push(...(await readAs(id, 1).then((one) => [one], unlessLost)));
  }
  const [best, ...others] = tried.sort((a, b) => b.confidence - a.confidence);
  if (!best) {
    throw new UnknownDevice("it answers, but has no SunSpec map and fits no known profile");
  }
  const alternatives = others.map(({ profile, confidence }) => ({ profile, confidence }));
  return { by, devices: [best], alternatives };
}

/** A profile that cannot be read is none; a device that is gone ends the scan. */
function unlessLost(error: unknown): never[] {
  if (error instanceof ProfileMismatch || error instanceof UnknownDevice) return [];
  throw error;
}

export type ReadParts = ScanParts & {
  readonly links: Links;
  readonly profile: string;
  /** Which points are read, and by which ratios. */
  readonly config?: Pick<DeviceConfig, "points" | "ratios">;
};

/** Reads all that a device has once, by a profile. Rejects where it is another device. */
export async function readOnce(parts: ReadParts): Promise<ScannedDevice> {
  const { url, profile, clock, signal, config } = parts;
  const heard = heardWords(parts.links);
  const device = openDevice({
    ...{ ...parts, links: heard.links },
    config: { tag: "scan", ...config, url, profile },
    classes: { fast: 1_000, normal: 1_000, slow: 1_000 },
  });
  const nothing = `nothing of the profile ${profile} answers: it is another device's`;
  const polled = await device.poll(clock.now(), new Set(pollClasses), signal).catch((error) => {
    throw isRefusal(error) ? new UnknownDevice(nothing) : error;
  });
  const announcement = device.announcement();
  if (!announcement) throw new Error("the device was read without being announced");
  const { found } = await device.line(signal);
  const registers = new Map(
    found.map(({ point, register }) => [`${point.name} ${register.source}`, register]),
  );
  const points = polled.flatMap(({ points, values, quality = {} }) =>
    points.map((point, i): ScannedPoint => {
      const { unit = "", source, states } = announcement.points.find((p) => p.name === point) ?? {};
      const register = registers.get(`${point} ${source}`);
      const words = register && heard.of(register);
      const value = values[i] ?? null;
      const flag = quality[i];
      const label = states?.[String(value)];
      return {
        point,
        value,
        unit,
        ...(flag && { flag }),
        ...(label !== undefined && { label }),
        ...(source !== undefined && { source }),
        ...(words && { words }),
      };
    }),
  );
  const { kind, texts } = announcement;
  if (Object.keys(texts).length === 0 && points.every(({ flag }) => flag === "failed")) {
    throw new UnknownDevice(nothing);
  }
  const confidence = confidenceOf({ identified: await namesItself(parts), points });
  const { missing } = device.figures();
  const mostConnections = parts.profiles.get(profile)?.limits.maxConnections;
  return {
    ...{ profile, confidence, kind, texts, points, missing },
    ...(mostConnections !== undefined && { mostConnections }),
  };
}

/** Whether the device says of itself that the profile is its own; a SunSpec map does, once it was read. */
async function namesItself({ profiles, profile: id, links, url, signal }: ReadParts) {
  const profile = profiles.get(id);
  if (!profile || profile.protocol === "sunspec") return profile !== undefined;
  const { line, unit } = addressOf(url);
  const link = links.to(line);
  const manners = requestMannersOf(profile, unit);
  return isIdentified(profile, (span) => link.read(span, manners, signal));
}

/** Why a profile that was given is not the device's own; absent where it may be. */
export function misfitOf({ by }: Scan, { profile, points }: ScannedDevice): string | undefined {
  if (by !== "given profile") return undefined;
  const failed = points.filter(({ flag }) => flag === "failed").length;
  if (failed * 2 <= points.length) return undefined;
  return `the profile ${profile} does not fit: ${failed} of its ${points.length} points do not answer`;
}

function named(model: ChainModel, models: SunspecModels): ScannedModel {
  const group = models.get(model.id)?.group;
  return group ? { ...model, name: group.label ?? group.name } : model;
}
