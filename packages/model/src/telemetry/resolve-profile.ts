import type { DeviceProfile } from "./device-profile.ts";
import type { ProfilePoint } from "./profile-point.ts";

/**
 * The profile with everything it takes over from the one it extends: points, tables, sources and
 * the SunSpec section. Own points replace those of the same name and the same way of finding them.
 */
export function resolveProfile(
  profile: DeviceProfile,
  others: ReadonlyMap<string, DeviceProfile>,
): DeviceProfile {
  const extended = profile.extends === undefined ? undefined : others.get(profile.extends);
  if (!extended || extended === profile) return profile;
  const { extends: further, ...given } = extended;
  // One step at a time, and never round in a circle.
  const rest = new Map([...others].filter(([id]) => id !== profile.id));
  const parent = resolveProfile(further ? { ...given, extends: further } : given, rest);

  const own = new Set(profile.points.map(identityOf));
  const sunspec = profile.sunspec ?? parent.sunspec;
  return {
    ...profile,
    sources: [...parent.sources, ...profile.sources],
    enums: { ...parent.enums, ...profile.enums },
    bitfields: { ...parent.bitfields, ...profile.bitfields },
    ...(sunspec && { sunspec: { ...parent.sunspec, ...sunspec } }),
    points: [...parent.points.filter((point) => !own.has(identityOf(point))), ...profile.points],
  };
}

function identityOf(point: ProfilePoint): string {
  return `${point.name} ${point.sunspec ? "sunspec" : "address"}`;
}
