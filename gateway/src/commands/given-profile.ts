import { cataloguePoints } from "@sunledger/model/points";
import { DeviceProfile, profileFaults } from "@sunledger/model/profile";
import { knownProfile, type Profiles } from "../profiles/load-profiles.ts";
import { type SunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import type { OrderOf } from "./order.ts";
import { Refusal } from "./refusal.ts";

/** The profiles with the one that came with an order, and its id. Throws a `Refusal` naming each fault. */
export function withGivenProfile(
  given: OrderOf<"test-read">["profile"],
  profiles: Profiles,
  models: SunspecModels,
): { readonly id: string; readonly profiles: Profiles } {
  if (typeof given === "string") {
    if (profiles.has(given)) return { id: given, profiles };
    throw new Refusal("unknownProfile", `this gateway has no profile ${given}`);
  }
  const parsed = DeviceProfile.safeParse(given);
  if (!parsed.success) {
    throw badProfile(
      parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`),
    );
  }
  const { data: profile } = parsed;
  const others = new Map<string, DeviceProfile>([...profiles, [profile.id, profile]]);
  const faults = profileFaults(profile, others, cataloguePoints, sunspecPointNames(models));
  if (faults.length > 0) throw badProfile(faults.map(({ point, reason }) => `${point}: ${reason}`));
  const known = knownProfile(profile, others);
  return { id: profile.id, profiles: new Map([...profiles, [profile.id, known]]) };
}

const mostReasons = 50;
const longestReason = 500;

function badProfile(reasons: readonly string[]): Refusal {
  const said = reasons.slice(0, mostReasons).map((reason) => reason.slice(0, longestReason));
  return new Refusal("badProfile", said[0] ?? "it is no profile", said);
}
