import { nearestNames } from "@sunledger/runtime";
import { fitsPattern } from "../polling/polled-point.ts";
import type { KnownProfile, Profiles } from "../profiles/load-profiles.ts";
import type { Fault } from "./fault.ts";
import { partOf } from "./part-of.ts";

/** Names of points that stand for nothing: what somebody meant by them would silently not be done. */
export function nameFaults(content: unknown, profiles: Profiles): Fault[] {
  const devices = devicesIn(content, profiles);
  return [
    ...devices.flatMap(unknownRatios),
    ...devices.flatMap(idleIncludes),
    ...commandFaults(content, devices),
  ];
}

type NamedDevice = {
  readonly path: readonly PropertyKey[];
  readonly tag: string | undefined;
  readonly profile: KnownProfile | undefined;
  readonly ratios: readonly string[];
  /** With its place in the list. */
  readonly include: readonly (readonly [number, string])[];
};

function devicesIn(content: unknown, profiles: Profiles): NamedDevice[] {
  return listOf(partOf(content, "devices")).map((device, i) => {
    const include = listOf(partOf(partOf(device, "points"), "include"));
    return {
      path: ["devices", i],
      tag: textOf(partOf(device, "tag")),
      profile: profiles.get(textOf(partOf(device, "profile")) ?? ""),
      ratios: Object.keys(partOf(device, "ratios") ?? {}),
      include: [...include.entries()].flatMap(([place, one]) =>
        typeof one === "string" ? [[place, one] as const] : [],
      ),
    };
  });
}

function unknownRatios({ path, profile, ratios }: NamedDevice): Fault[] {
  if (!profile) return [];
  const known = new Set(profile.points.flatMap(({ multiplyBy = [] }) => multiplyBy));
  return ratios
    .filter((name) => !known.has(name))
    .map((name) => ({
      path: [...path, "ratios", name],
      isName: true,
      reason: `no value of ${profile.id} is multiplied by ${name}`,
      advice:
        known.size > 0 ? `there are ${[...known].join(", ")}` : "it has no ratios: leave it out",
    }));
}

function idleIncludes({ path, profile, include }: NamedDevice): Fault[] {
  if (!profile) return [];
  const names = profile.points.map(({ name }) => name);
  return include
    .filter(([, pattern]) => !isNamed(pattern, names))
    .map(([place, pattern]) => ({
      path: [...path, "points", "include", place],
      reason: `${profile.id} has no point ${pattern}`,
      advice: adviceFor(pattern, names),
    }));
}

function commandFaults(content: unknown, devices: readonly NamedDevice[]): Fault[] {
  const rules = listOf(partOf(partOf(content, "commands"), "allow"));
  return rules.flatMap((rule, i) => {
    const path = ["commands", "allow", i];
    return [...nobodysRule(rule, path, devices), ...emptyRange(rule, path)];
  });
}

function emptyRange(rule: unknown, path: readonly PropertyKey[]): Fault[] {
  const [min, max] = [partOf(rule, "min"), partOf(rule, "max")];
  if (typeof min !== "number" || typeof max !== "number" || min <= max) return [];
  const advice = "give the lower one as min";
  return [{ path: [...path, "min"], reason: `${min} is more than max, ${max}`, advice }];
}

/** Only what this very file names can be written to. */
function nobodysRule(
  rule: unknown,
  path: readonly PropertyKey[],
  devices: readonly NamedDevice[],
): Fault[] {
  const [device, point] = [textOf(partOf(rule, "device")), textOf(partOf(rule, "point"))];
  if (device === undefined || point === undefined) return [];
  // A rule for any device of a kind stands in many files, whatever is there.
  if (device.endsWith("*")) return [];
  const meant = devices.filter(({ tag }) => tag === device);
  if (meant.length === 0) {
    const tags = devices.flatMap(({ tag }) => tag ?? []);
    const advice = adviceFor(device, tags);
    return [{ path: [...path, "device"], reason: `there is no device ${device}`, advice }];
  }
  // A profile that there is none of is a fault of its own.
  if (meant.some(({ profile }) => profile === undefined)) return [];
  const setpoints = [...new Set(meant.flatMap(({ profile }) => setpointsOf(profile)))];
  if (isNamed(point, setpoints)) return [];
  const advice = setpoints.length > 0 ? adviceFor(point, setpoints) : "leave the rule out";
  return [{ path: [...path, "point"], reason: `${device} has no set-point ${point}`, advice }];
}

function setpointsOf(profile: KnownProfile | undefined): string[] {
  const writable = profile?.points.filter(({ access = "r" }) => access !== "r") ?? [];
  return writable.map(({ name }) => name);
}

/** Also further ones of a row: a profile names the first modules, a device may have more. */
function isNamed(pattern: string, names: readonly string[]): boolean {
  const anyPlace = (name: string) => name.replaceAll(/\.\d+(?=\.|$)/g, ".1");
  return names.some(
    (name) => fitsPattern(name, pattern) || fitsPattern(anyPlace(name), anyPlace(pattern)),
  );
}

function adviceFor(name: string, known: readonly string[]): string {
  const near = nearestNames(name, known, Math.ceil(name.length / 2)).slice(0, 3);
  if (near.length > 0) return `did you mean ${near.join(" or ")}?`;
  return known.length <= 12 ? `there are ${[...new Set(known)].join(", ")}` : "see its profile";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
