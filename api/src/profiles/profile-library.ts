import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DeviceProfile, resolveProfile } from "@sunledger/model/profile";
import type { Scope } from "@sunledger/runtime";

/** A profile with all that it takes over from others, and the version that gateways announce it by. */
export type LibraryProfile = DeviceProfile & { readonly version: string };

/** The device profiles that the platform knows, by their ids. A gateway may know others. */
export type ProfileLibrary = ReadonlyMap<string, LibraryProfile>;

export type LibraryParts = {
  /** Folders of profiles; of two with the same id the later one counts, as at a gateway. */
  readonly folders: readonly string[];
  readonly log: Pick<Scope["log"], "warn">;
};

/** Reads the profiles once. What cannot be read is left out and said: gateways judge them, not the api. */
export function openProfileLibrary({ folders, log }: LibraryParts): ProfileLibrary {
  const read = new Map<string, DeviceProfile>();
  for (const folder of folders) {
    for (const file of filesIn(folder, log)) {
      const profile = profileIn(join(folder, file), log);
      if (profile) read.set(profile.id, profile);
    }
  }
  return new Map(
    [...read].sort().map(([id, profile]) => {
      const whole = resolveProfile(profile, read);
      const content = JSON.stringify(whole);
      const version = createHash("sha256").update(content).digest("hex").slice(0, 12);
      return [id, { ...whole, version }];
    }),
  );
}

function filesIn(folder: string, log: LibraryParts["log"]): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .sort();
  } catch (err) {
    log.warn({ folder, err }, "no profiles there");
    return [];
  }
}

function profileIn(file: string, log: LibraryParts["log"]): DeviceProfile | undefined {
  try {
    return DeviceProfile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (err) {
    log.warn({ file, err }, "profile left out");
    return undefined;
  }
}
