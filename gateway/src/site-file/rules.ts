import { devicePlace } from "@sunledger/model";
import { addressOf, DeviceUrl } from "@sunledger/model/device-url";
import { type LineAddress, lineKey, settingsText } from "@sunledger/model/line-address";
import { nearestNames } from "@sunledger/runtime";
import type { Profiles } from "../profiles/load-profiles.ts";
import { unfitFor } from "../profiles/speaks.ts";
import { type Fault, pathText } from "./fault.ts";
import { nameFaults } from "./name-rules.ts";
import { partOf } from "./part-of.ts";

/**
 * What is wrong with a file beyond the shape of its parts. Takes the content as it was written, so
 * that these are named also beside faults of shape.
 */
export function ruleFaults(content: unknown, profiles: Profiles): Fault[] {
  const devices = devicesIn(content);
  return [
    ...noDevice(content),
    ...doubleTags(devices),
    ...doubleAddresses(devices),
    ...unknownProfiles(devices, profiles),
    ...unfitLines(devices, profiles),
    ...unlikeSettings(devices),
    ...doubleListeners(devices),
    ...hastyIntervals(content, devices, profiles),
    ...nameFaults(content, profiles),
  ];
}

type GivenDevice = {
  readonly path: readonly PropertyKey[];
  readonly tag?: string;
  readonly url?: string;
  readonly profile?: string;
  /** Where its proxy listens. */
  readonly listen?: string;
};

function devicesIn(content: unknown): GivenDevice[] {
  const devices = partOf(content, "devices");
  if (!Array.isArray(devices)) return [];
  return devices.map((device: unknown, i) => {
    const given = { path: ["devices", i] };
    const texts = (["tag", "url", "profile"] as const).flatMap((name) => {
      const value = partOf(device, name);
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    });
    const listen = partOf(partOf(device, "proxy"), "listen");
    return {
      ...given,
      ...Object.fromEntries(texts),
      ...(typeof listen === "string" && { listen }),
    };
  });
}

/** Without a device there is nothing to do but to wait for one that is found. */
function noDevice(content: unknown): Fault[] {
  const devices = partOf(content, "devices");
  const networks = partOf(partOf(content, "onboarding"), "networks");
  if (!Array.isArray(devices) || devices.length > 0 || Array.isArray(networks)) return [];
  const advice = "name one, or the networks in which the platform may find one: onboarding";
  return [{ path: ["devices"], reason: "names no device", advice }];
}

function doubleTags(devices: readonly GivenDevice[]): Fault[] {
  const advice = "give each device a tag of its own";
  return repeated(devices, ({ tag }) => tag).map(([{ path, tag }, first]) => ({
    path: [...path, "tag"],
    reason: `${tag} is named twice: ${pathText(first.path)} has that tag`,
    advice,
  }));
}

/** Read twice, a device would be stored and counted twice. */
function doubleAddresses(devices: readonly GivenDevice[]): Fault[] {
  const addressText = ({ url }: GivenDevice) =>
    url !== undefined && DeviceUrl.safeParse(url).success ? devicePlace(url) : undefined;
  return repeated(devices, addressText).map(([device, first]) => ({
    path: [...device.path, "url"],
    reason: `${pathText(first.path)} is at ${addressText(device)} already`,
    advice: "give each device its own address, or take one of the two away",
  }));
}

function unknownProfiles(devices: readonly GivenDevice[], profiles: Profiles): Fault[] {
  return devices.flatMap(({ path, profile }) => {
    if (profile === undefined || profiles.has(profile)) return [];
    const near = nearestNames(profile, profiles.keys(), Math.ceil(profile.length / 2)).slice(0, 3);
    const advice =
      near.length > 0
        ? `did you mean ${near.join(" or ")}?`
        : `there are ${[...profiles.keys()].sort().join(", ")}`;
    return [{ path: [...path, "profile"], reason: `there is no profile ${profile}`, advice }];
  });
}

/** A device is on a line that its kind does not have. */
function unfitLines(devices: readonly GivenDevice[], profiles: Profiles): Fault[] {
  return devices.flatMap(({ path, url, profile: id }) => {
    const profile = profiles.get(id ?? "");
    const line = parsedLine(url);
    const reason = profile && line && unfitFor(line, profile);
    if (!reason) return [];
    const advice = "give its address as tcp://, the line's own baud rate, or another profile";
    return [{ path: [...path, "url"], reason, advice }];
  });
}

/** A serial line has one baud rate, parity and number of stop bits for all behind it. */
function unlikeSettings(devices: readonly GivenDevice[]): Fault[] {
  const firsts = new Map<
    string,
    { readonly path: readonly PropertyKey[]; readonly text: string }
  >();
  return devices.flatMap(({ path, url }) => {
    const line = parsedLine(url);
    if (!line || line.transport === "tcp") return [];
    const key = lineKey(line);
    const text = settingsOf(line);
    const first = firsts.get(key);
    if (!first) firsts.set(key, { path, text });
    if (!first || first.text === text) return [];
    const reason = `${key} is ${text} here, and ${first.text} at ${pathText(first.path)}`;
    return [{ path: [...path, "url"], reason, advice: "give all devices of a line the same" }];
  });
}

/** Of two proxies at one address the second could not be opened. */
function doubleListeners(devices: readonly GivenDevice[]): Fault[] {
  return repeated(devices, ({ listen }) => listen).map(([{ path, listen }, first]) => ({
    path: [...path, "proxy", "listen"],
    reason: `the proxy of ${pathText(first.path)} listens at ${listen} already`,
    advice: "give each proxy a port of its own",
  }));
}

function settingsOf(line: LineAddress): string {
  if (line.transport === "serial") return settingsText(line);
  return line.serial ? settingsText(line.serial) : "without settings";
}

function parsedLine(url: string | undefined): LineAddress | undefined {
  return DeviceUrl.safeParse(url).success && url !== undefined ? addressOf(url).line : undefined;
}

/** An interval that no device of the file can follow: it would stand there in vain. */
function hastyIntervals(
  content: unknown,
  devices: readonly GivenDevice[],
  profiles: Profiles,
): Fault[] {
  const known = devices.flatMap(({ profile }) => profiles.get(profile ?? "") ?? []);
  if (known.length === 0 || known.length < devices.length) return [];
  const leastMs = Math.min(...known.map(({ limits }) => limits.minPollMs ?? 0));
  return ["fastMs", "normalMs", "slowMs"].flatMap((name) => {
    const everyMs = partOf(partOf(content, "poll"), name);
    if (typeof everyMs !== "number" || everyMs >= leastMs) return [];
    const reason = `${everyMs} ms is less than any of these devices stands`;
    return [{ path: ["poll", name], reason, advice: `give ${leastMs} or more` }];
  });
}

/** Those whose key an earlier one has, each with that one. */
function repeated(
  devices: readonly GivenDevice[],
  keyOf: (device: GivenDevice) => string | undefined,
): [GivenDevice, GivenDevice][] {
  const firsts = new Map<string, GivenDevice>();
  return devices.flatMap((device): [GivenDevice, GivenDevice][] => {
    const key = keyOf(device);
    if (key === undefined) return [];
    const first = firsts.get(key);
    if (first) return [[device, first]];
    firsts.set(key, device);
    return [];
  });
}
