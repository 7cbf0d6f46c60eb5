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

/** The shipped profiles and those of the installation, checked. Throws a `ProfileError`. */
export function loadProfiles({ sunspec, folder }: ProfileParts): Profiles {
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
  if (faults.length > 0) throw new ProfileError(`device profiles:\n${faults.join("\n")}`);
  return new Map([...read].map(([id, profile]) => [id, knownProfile(profile, read)]));
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
    const result = DeviceProfile.safeParse(JSON.parse(readFileSync(file, "utf8")));
    if (result.success) return result.data;
    faults.push(`${name}: ${z.prettifyError(result.error).replaceAll("\n", " ")}`);
  } catch (error) {
    faults.push(`${name}: ${String(error)}`);
  }
  return undefined;
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
