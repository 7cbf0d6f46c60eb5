import { canonicalValue } from "../modbus/canonical-value.ts";
import { decode } from "../modbus/decode.ts";
import { isRefusal } from "../modbus/modbus-error.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";
import type { RegisterPoint } from "../modbus/register-point.ts";
import { fitsItem, identifyingValue, isTelling } from "../polling/identify.ts";
import { addressedPoints } from "../profiles/addressed-points.ts";
import type { KnownProfile, Profiles } from "../profiles/load-profiles.ts";

/** Profiles that fit what answers, the likeliest first, and what speaks for them. */
export type Fitting = {
  readonly by: "identity" | "plausible values";
  readonly ids: readonly string[];
};

/**
 * The profiles whose identifying registers say what they should. Most meters have none: for those
 * the mains frequency and a phase voltage, read where the profile has them, must be plausible.
 */
export async function fittingProfiles(profiles: Profiles, read: ReadRegisters): Promise<Fitting> {
  const candidates = [...profiles.values()].filter(({ protocol }) => protocol === "modbus");
  const identified: string[] = [];
  for (const profile of candidates) {
    if (await isIdentified(profile, read)) identified.push(profile.id);
  }
  if (identified.length > 0) return { by: "identity", ids: identified };

  const plausible: { id: string; points: number }[] = [];
  for (const profile of candidates) {
    const points = await plausiblePoints(profile, read);
    if (points > 0) plausible.push({ id: profile.id, points });
  }
  plausible.sort((a, b) => b.points - a.points);
  return { by: "plausible values", ids: plausible.map(({ id }) => id) };
}

/** The profile of the maker that a SunSpec device names, where there is one. */
export function vendorProfile(
  texts: Readonly<Record<string, string>>,
  profiles: Profiles,
): string | undefined {
  const maker = texts["id.manufacturer"]?.toLowerCase() ?? "";
  return [...profiles.values()].find(
    ({ protocol, extends: extended, vendor }) =>
      protocol === "sunspec" && extended !== undefined && maker.startsWith(vendor.toLowerCase()),
  )?.id;
}

/** Whether all registers that must name the map say what they should; a profile without any: no. */
export async function isIdentified(profile: KnownProfile, read: ReadRegisters): Promise<boolean> {
  const telling = (profile.identify ?? []).filter(isTelling);
  for (const item of telling) {
    const value = await identifyingValue(item, profile, read);
    if (value === undefined || !fitsItem(item, value)) return false;
  }
  return telling.length > 0;
}

const ranges: readonly (readonly [name: RegExp, least: number, most: number])[] = [
  [/^ac\.frequency$/, 45, 65],
  [/^ac\.voltage\.(an|bn|cn)$/, 50, 500],
];

/** How many points with a known range lie in it; 0 when one does not. */
async function plausiblePoints(profile: KnownProfile, read: ReadRegisters): Promise<number> {
  if ((profile.identify ?? []).some(({ matches, in: among }) => matches ?? among)) return 0;
  const registers = addressedPoints(profile).map(({ register }) => register);
  let count = 0;
  for (const [name, least, most] of ranges) {
    for (const register of registers.filter((r) => name.test(r.name) && !r.optional)) {
      const value = await numberAt(register, read);
      if (value === undefined || value < least || value > most) return 0;
      count += 1;
    }
  }
  return registers.some(({ name }) => name === "ac.frequency") ? count : 0;
}

async function numberAt(register: RegisterPoint, read: ReadRegisters): Promise<number | undefined> {
  const { kind, address, size: count } = register;
  try {
    const words = await read({ kind, address, count });
    const decoded = decode(register, (at) => words[at - address]);
    if (!("number" in decoded)) return undefined;
    return Number(canonicalValue(decoded.number, { kind: "gauge", unit: "V" }));
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
