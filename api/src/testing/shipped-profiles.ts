import { join } from "node:path";
import { pino } from "pino";
import { openProfileLibrary, type ProfileLibrary } from "../profiles/profile-library.ts";

let library: ProfileLibrary | undefined;

/** The profiles as a house has them. */
export function shippedProfiles(): ProfileLibrary {
  const repository = join(import.meta.dirname, "..", "..", "..");
  const folder = join(repository, "gateway", "src", "profiles");
  library ??= openProfileLibrary({ folders: [folder], log: pino({ level: "silent" }) });
  return library;
}
