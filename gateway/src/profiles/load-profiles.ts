import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { cataloguePoints } from "@sunledger/model/points";
import {
  DeviceProfile,
  profileFaults,
  resolveProfile,
  type SunspecPoints,
} from "@sunledger/model/profile";
import * as z from "zod";

/** A device profile with all that it takes over from others. */
export type KnownProfile = DeviceProfile & {
  /** Changes with the profile's content. */
  readonly version: string;
};

export type Profiles = ReadonlyMap<string, KnownProfile>;

export type ProfileParts = {
  /** The points that SunSpec references may name. */
  readonly sunspec: SunspecPoints;
  /** A folder with further profiles; one of the same id replaces a shipped one. */
  readonly folder?: string;
};

/** Profiles that cannot be used; the message names every file, point and reason. */
export class ProfileError extends Error {
  override readonly name = "ProfileError";
}

const shipped = new URL("./", import.meta.url);
const catalogued = new Set(cataloguePoints.map(({ name }) => name));

/** The shipped profiles and those of the installation, checked. Throws a `ProfileError`. */
export function loadProfiles(parts: ProfileParts): Profiles {
  const { profiles, faults } = judgedProfiles(parts);
  if (faults.length > 0) throw profileError(faults);
  return profiles;
}

/** What cannot be used of the profiles, a line for each fault. */
export function profileError(faults: readonly string[]): ProfileError {
  return new ProfileError(`device profiles:\n${faults.join("\n")}`);
}

/**
 * The profiles that are sound in themselves, and every fault of all. Throws a `ProfileError` where a
 * folder cannot be read.
 */
export function judgedProfiles({ sunspec, folder }: ProfileParts): {
  readonly profiles: Profiles;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const folders = folder === undefined ? [shipped] : [shipped, pathToFileURL(`${folder}/`)];
  const read = new Map<string, DeviceProfile>();
  for (const place of folders) {
    for (const file of filesIn(place)) {
      const profile = profileIn(new URL(file, place), faults);
      if (!profile) continue;
      if (`${profile.id}.json` !== file) faults.push(`${file}: id does not equal the file name`);
      read.set(profile.id, profile);
    }
  }
  for (const profile of read.values()) {
    for (const { file, point, reason } of profileFaults(profile, read, cataloguePoints, sunspec)) {
      faults.push(`${file}: ${point}: ${reason}`);
    }
  }
  const profiles = new Map([...read].map(([id, profile]) => [id, knownProfile(profile, read)]));
  return { profiles, faults };
}

function filesIn(folder: URL): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .sort();
  } catch (cause) {
    throw new ProfileError(`the folder of device profiles ${folder.pathname} is not readable`, {
      cause,
    });
  }
}

function profileIn(file: URL, faults: string[]): DeviceProfile | undefined {
  const name = file.pathname.split("/").at(-1);
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    const result = DeviceProfile.safeParse(content);
    if (result.success) return result.data;
    faults.push(...shapeFaults(result.error, content).map((fault) => `${name}: ${fault}`));
  } catch (error) {
    faults.push(`${name}: ${String(error)}`);
  }
  return undefined;
}

/**
 * What is wrong with the shape, and the points that the catalogue does not have: those are looked at
 * beside it, so that both are told at once.
 */
function shapeFaults(error: z.ZodError, content: unknown): string[] {
  const points = pointsOf(content);
  const shape = error.issues.map(({ path, message }) => {
    const [first, place, ...rest] = path;
    const point = first === "points" && typeof place === "number" ? points[place] : undefined;
    if (point === undefined) return `${z.core.toDotPath(path) || "the profile"}: ${message}`;
    const part = rest.length > 0 ? ` ${z.core.toDotPath(rest)}` : "";
    return `point ${String(place)} ${point}${part}: ${message}`;
  });
  const unknown = points.flatMap((name, place) =>
    name === undefined || catalogued.has(name)
      ? []
      : [`point ${place} ${name}: not in the catalogue`],
  );
  return [...shape, ...unknown];
}

/** The names of a draft's points, each at its place. */
function pointsOf(content: unknown): (string | undefined)[] {
  const Named = z.object({ name: z.string() });
  const points = z.object({ points: z.array(z.unknown()) }).safeParse(content).data?.points ?? [];
  return points.map((point) => Named.safeParse(point).data?.name);
}

/** The profile with all that it takes over, and its version. */
export function knownProfile(
  profile: DeviceProfile,
  others: ReadonlyMap<string, DeviceProfile>,
): KnownProfile {
  const whole = resolveProfile(profile, others);
  const version = createHash("sha256").update(JSON.stringify(whole)).digest("hex").slice(0, 12);
  return { ...whole, version };
}
