import type { DeviceKind } from "@sunledger/model";
import { decimalText } from "@sunledger/model/decimal";
import type { DeviceProfile, IdentifyItem } from "@sunledger/model/profile";
import { decode } from "../modbus/decode.ts";
import { isRefusal } from "../modbus/modbus-error.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";
import type { FoundPoint } from "../modbus/register-point.ts";
import { addressedPoints, registerOf } from "../profiles/addressed-points.ts";
import {
  type ChainModel,
  type ChainRules,
  type SunspecChain,
  walkChain,
} from "../sunspec/chain.ts";
import { withGroupCounts } from "../sunspec/group-counts.ts";
import { type ModelHeads, modelHeads } from "../sunspec/model-heads.ts";
import type { SunspecModels } from "../sunspec/models.ts";
import { placedPoints } from "../sunspec/placed-points.ts";
import { sunspecPoints } from "../sunspec/sunspec-points.ts";

/** What answers is not what the profile describes: its registers would be read wrongly. */
export class ProfileMismatch extends Error {
  override readonly name = "ProfileMismatch";
}

/** What a device turned out to be. */
export type Identified = {
  readonly kind: DeviceKind;
  readonly found: readonly FoundPoint[];
  /** The SunSpec map it was found by. */
  readonly chain?: SunspecChain;
  /** What shows with each reading that the map still stands there. */
  readonly heads: ModelHeads;
};

export type IdentifyParts = {
  readonly profile: DeviceProfile;
  readonly models: SunspecModels;
  /** Which device of a SunSpec chain is meant, from 1. */
  readonly chainDevice: number;
  /** Where its SunSpec map is looked for first. */
  readonly base?: number | undefined;
  readonly read: ReadRegisters;
};

/** Finds out whether the profile fits and where the device has its points. */
export async function identifyDevice(parts: IdentifyParts): Promise<Identified> {
  const { profile } = parts;
  for (const item of profile.identify ?? []) await checkItem(item, parts);
  if (profile.protocol === "sunspec") return identifySunspec(parts);
  return { kind: profile.kind, found: addressedPoints(profile), heads: new Map() };
}

/** Where a profile's SunSpec map may stand and how it ends. */
export function chainRulesOf({ sunspec }: DeviceProfile): ChainRules {
  return {
    baseAddresses: sunspec?.baseAddresses ?? [40_000, 0, 50_000],
    marker: Number(sunspec?.marker ?? "0x53756E53"),
    endModel: Number(sunspec?.endModel ?? "0xFFFF"),
    maxModels: sunspec?.maxModels ?? 120,
  };
}

async function identifySunspec(parts: IdentifyParts): Promise<Identified> {
  const { profile, models, chainDevice, base, read } = parts;
  const rules = chainRulesOf(profile);
  const chain = await walkChain(read, { ...rules, baseAddresses: basesFrom(base, rules) });
  if (!chain) {
    const bases = chainRulesOf(profile).baseAddresses.join(", ");
    throw new ProfileMismatch(`there is no SunSpec map at ${bases}`);
  }
  const part = chain.devices[chainDevice - 1];
  if (!part) {
    const count = chain.devices.length;
    throw new ProfileMismatch(`the SunSpec map has ${count} devices, not ${chainDevice}`);
  }
  const counted = await withGroupCounts(part, models, read);
  return { ...locatedIn(counted, profile, models), chain };
}

/** What stands where in a device's part of a map. */
type Located = Pick<Identified, "kind" | "found" | "heads">;

const located = new WeakMap<SunspecModels, WeakMap<DeviceProfile, Map<string, Located>>>();
/** Of so many different maps a plant has but a few. */
const mostMaps = 200;

/** The same lists for all devices of one map: a thousand of a kind would else fill the memory. */
function locatedIn(
  part: readonly ChainModel[],
  profile: DeviceProfile,
  models: SunspecModels,
): Located {
  const ofModels = located.get(models) ?? new WeakMap<DeviceProfile, Map<string, Located>>();
  located.set(models, ofModels);
  const known = ofModels.get(profile) ?? new Map<string, Located>();
  ofModels.set(profile, known);
  const key = JSON.stringify(part);
  const before = known.get(key);
  if (before) return before;
  const placed = placedPoints(part, models, profile.sunspec?.preference);
  const found = [...sunspecPoints(profile, placed), ...addressedPoints(profile)];
  const kind = kindOf(placed.models) ?? profile.kind;
  const made: Located = { kind, found, heads: modelHeads(part, found) };
  if (known.size >= mostMaps) known.clear();
  known.set(key, made);
  return made;
}

/** All bases, that one before the others. */
function basesFrom(base: number | undefined, { baseAddresses }: ChainRules): readonly number[] {
  if (base === undefined) return baseAddresses;
  return [base, ...baseAddresses.filter((one) => one !== base)];
}

const kinds: readonly (readonly [DeviceKind, (model: number) => boolean])[] = [
  ["inverter", (id) => (id >= 101 && id <= 113) || id === 701],
  ["meter", (id) => id >= 201 && id <= 214],
  ["battery", (id) => id === 802 || id === 803 || id === 713],
  ["sensor", (id) => (id >= 302 && id <= 308) || (id >= 401 && id <= 404)],
];

function kindOf(models: readonly number[]): DeviceKind | undefined {
  return kinds.find(([, isOf]) => models.some(isOf))?.[0];
}

/** Whether the same points were found at the same places. */
export function isSameMap(one: Identified["found"], other: Identified["found"]): boolean {
  if (one === other) return true;
  const words = (found: Identified["found"]) =>
    found.map(({ register: { name, source } }) => `${name} ${source}`).join();
  return words(one) === words(other);
}

async function checkItem(item: IdentifyItem, { profile, read }: IdentifyParts): Promise<void> {
  const found = await identifyingValue(item, profile, read);
  if (found === undefined || fitsItem(item, found)) return;
  throw new ProfileMismatch(`is not a ${profile.id}: ${item.name} is ${JSON.stringify(found)}`);
}

/** What an identifying register says; `undefined` when the device does not know it. */
export async function identifyingValue(
  item: IdentifyItem,
  profile: DeviceProfile,
  read: ReadRegisters,
): Promise<string | undefined> {
  const register = registerOf({ ...item, poll: "once", src: [] }, profile);
  if (!register) return;
  const { kind, address, size: count } = register;
  try {
    const words = await read({ kind, address, count });
    const decoded = decode(register, (at) => words[at - address]);
    if ("text" in decoded) return decoded.text;
    return "number" in decoded ? decimalText(decoded.number) : "";
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Whether an item says what must stand there; the others are only shown. */
export function isTelling({ equals, in: among, matches }: IdentifyItem): boolean {
  return equals !== undefined || among !== undefined || matches !== undefined;
}

/** Whether an identifying value is what the profile asks for. */
export function fitsItem({ equals, in: among, matches }: IdentifyItem, value: string): boolean {
  if (equals !== undefined && String(equals) !== value) return false;
  if (among !== undefined && !among.some((one) => String(one) === value)) return false;
  return matches === undefined || new RegExp(matches).test(value);
}
