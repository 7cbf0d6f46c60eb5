import { decimalOf, one, zero } from "@sunledger/model/decimal";
import { cataloguePoint } from "@sunledger/model/points";
import { type DeviceProfile, type ProfilePoint, registersOf } from "@sunledger/model/profile";
import { rawInvalid } from "../modbus/raw-invalid.ts";
import type { FoundPoint, RegisterPoint, ScaleRegister } from "../modbus/register-point.ts";

const known = new WeakMap<DeviceProfile, readonly FoundPoint[]>();

/** The profile's points that have an address of their own: the same list for all devices of its kind. */
export function addressedPoints(profile: DeviceProfile): readonly FoundPoint[] {
  const before = known.get(profile);
  if (before) return before;
  const found = addressedIn(profile);
  known.set(profile, found);
  return found;
}

function addressedIn(profile: DeviceProfile): FoundPoint[] {
  const found: FoundPoint[] = [];
  for (const point of profile.points) {
    const register = registerOf(point, profile);
    if (register) found.push({ point, register });
  }
  return found;
}

const factors = new WeakMap<DeviceProfile, ReadonlySet<string>>();

/** The points by which others of the profile are multiplied. */
export function factorsOf(profile: DeviceProfile): ReadonlySet<string> {
  const before = factors.get(profile);
  if (before) return before;
  const names = new Set(profile.points.flatMap(({ multiplyBy = [] }) => multiplyBy));
  factors.set(profile, names);
  return names;
}

/** What `registerOf` needs of a point: `identify` items have no more. */
type Addressed = Pick<ProfilePoint, "name" | "kind" | "address" | "type"> & Partial<ProfilePoint>;

/** Where an addressed point lies and what its bits mean; `undefined` for one of SunSpec. */
export function registerOf(point: Addressed, profile: DeviceProfile): RegisterPoint | undefined {
  const { name, kind, address, type, mask } = point;
  if (kind === undefined || address === undefined || type === undefined) return;
  const defaults = profile.defaults ?? {};
  const scaleRegister = scaleRegisterOf(point);
  return {
    name,
    kind,
    address,
    size: registersOf({ type, length: point.length }),
    type,
    wordOrder: point.wordOrder ?? defaults.wordOrder ?? "big",
    byteOrder: point.byteOrder ?? defaults.byteOrder ?? "big",
    ...(mask !== undefined && { mask: BigInt(mask) }),
    ...(point.digits !== undefined && { digits: point.digits }),
    invalid: rawInvalid(point.invalid ?? defaultInvalid(point, profile)),
    scale: point.scale === undefined ? one : decimalOf(point.scale),
    offset: point.offset === undefined ? zero : decimalOf(point.offset),
    ...(scaleRegister && { scaleRegister }),
    multiplyBy: point.multiplyBy ?? [],
    optional: point.optional ?? false,
    readAlone: point.readAlone ?? false,
    source: `${kind} ${address} ${type}`,
  };
}

/** Set-points do not follow the list of their type: any value may have been set on purpose. */
function defaultInvalid({ name, type }: Addressed, { defaults }: DeviceProfile) {
  if (type === undefined || cataloguePoint(name)?.kind === "setpoint") return;
  return defaults?.invalid?.[type];
}

function scaleRegisterOf({ kind, scaleRegister }: Addressed): ScaleRegister | undefined {
  if (!scaleRegister || !kind) return;
  const { address, type, negate = false } = scaleRegister;
  return { kind: scaleRegister.kind ?? kind, address, type, negate };
}
