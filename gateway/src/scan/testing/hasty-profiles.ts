import { loadProfiles } from "../../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../../sunspec/models.ts";

export const models = loadSunspecModels();

/** The shipped profiles without the pauses that real devices want. */
export const profiles = new Map(
  [...loadProfiles({ sunspec: sunspecPointNames(models) })].map(([id, profile]) => {
    const limits = { ...profile.limits, connectDelayMs: 0, minRequestIntervalMs: 0 };
    return [id, { ...profile, limits }] as const;
  }),
);
