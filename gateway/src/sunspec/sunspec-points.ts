import { decimalOf, one, times, timesTenTo, zero } from "@sunledger/model/decimal";
import type { DeviceProfile, ProfilePoint, RegisterType } from "@sunledger/model/profile";
import { rawInvalid } from "../modbus/raw-invalid.ts";
import type { FoundPoint, RegisterPoint } from "../modbus/register-point.ts";
import type { PlacedPoint, PlacedPoints } from "./placed-points.ts";

/** How the types of SunSpec are read. */
const types: Readonly<Record<string, RegisterType>> = {
  int16: "int16",
  sunssf: "int16",
  uint16: "uint16",
  acc16: "uint16",
  count: "uint16",
  enum16: "enum16",
  bitfield16: "bits16",
  int32: "int32",
  uint32: "uint32",
  acc32: "uint32",
  enum32: "enum32",
  bitfield32: "bits32",
  int64: "int64",
  uint64: "uint64",
  acc64: "uint64",
  bitfield64: "uint64",
  float32: "float32",
  float64: "float64",
  string: "string",
};

/**
 * The profile's SunSpec points that a device has, in the profile's order: each at its first
 * reference that is present. Patterns of repeating groups are continued as far as the device goes.
 */
export function sunspecPoints(profile: DeviceProfile, placed: PlacedPoints): FoundPoint[] {
  const found: FoundPoint[] = [];
  for (const point of continued(profile.points, placed)) {
    const place = foundPoint(point, profile, placed);
    if (place) found.push(place);
  }
  return found;
}

function foundPoint(
  point: ProfilePoint,
  profile: DeviceProfile,
  placed: PlacedPoints,
): FoundPoint | undefined {
  for (const reference of point.sunspec ?? []) {
    const { ref, scale } = typeof reference === "string" ? { ref: reference, scale: 1 } : reference;
    const place = placed.find(ref);
    const type = types[place?.point.type ?? ""];
    if (!place || !type) continue;
    const register = registerAt(place, { point, profile, ref, type, scale });
    return { point, register, model: place.model };
  }
  return undefined;
}

type Origin = {
  readonly point: ProfilePoint;
  readonly profile: DeviceProfile;
  readonly ref: string;
  readonly type: RegisterType;
  readonly scale: number;
};

function registerAt(
  place: PlacedPoint,
  { point, profile, ref, type, scale }: Origin,
): RegisterPoint {
  const invalid = profile.sunspec?.invalid ?? {};
  const fixed = place.scale && "power" in place.scale ? place.scale.power : 0;
  const notAvailable = rawInvalid(invalid.sunssf).find((raw) => raw !== "NaN");
  const register: RegisterPoint = {
    name: point.name,
    kind: "holding",
    address: place.address,
    size: place.point.size,
    type,
    wordOrder: "big",
    byteOrder: "big",
    invalid: rawInvalid(invalid[place.point.type]),
    scale: timesTenTo(times(decimalOf(scale), one), fixed),
    offset: zero,
    multiplyBy: [],
    // A model that is there may still refuse a part of itself.
    optional: true,
    readAlone: false,
    source: `${ref} (holding ${place.address} ${place.point.type})`,
  };
  if (!place.scale || "power" in place.scale) return register;
  const scaleRegister = {
    kind: "holding" as const,
    address: place.scale.address,
    type: "int16" as const,
    negate: false,
    ...(notAvailable !== undefined && { notAvailable: Number(notAvailable) }),
  };
  return { ...register, scaleRegister };
}

/** The points, each last one of a pattern followed by those of the device's further blocks. */
function* continued(
  points: readonly ProfilePoint[],
  placed: PlacedPoints,
): Generator<ProfilePoint> {
  const last = new Map<string, ProfilePoint>();
  for (const point of points) {
    const pattern = patternOf(point);
    const known = pattern === undefined ? undefined : last.get(pattern);
    const isFurther = (point.repeat?.index ?? 0) > (known?.repeat?.index ?? 0);
    if (pattern !== undefined && isFurther) last.set(pattern, point);
  }
  for (const point of points) {
    yield point;
    const pattern = patternOf(point);
    const index = point.repeat?.index ?? 0;
    // A pattern of one point alone does not show where its number goes.
    if (pattern === undefined || last.get(pattern) !== point || index < 2) continue;
    for (let next = index + 1; next <= blocksOf(point, placed); next += 1) {
      yield atIndex(point, index, next);
    }
  }
}

/** Of groups within groups the innermost repeats. */
const lastIndex = /\[\d+\](?=[^[]*$)/;

/** What the points of one pattern have in common. */
function patternOf({ sunspec, repeat }: ProfilePoint): string | undefined {
  if (!repeat || !sunspec) return;
  return sunspec
    .map((reference) => (typeof reference === "string" ? reference : reference.ref))
    .filter((ref) => ref.includes("["))
    .map((ref) => ref.replace(lastIndex, "[]"))
    .join(" ");
}

function blocksOf({ sunspec = [] }: ProfilePoint, placed: PlacedPoints): number {
  const refs = sunspec.map((reference) =>
    typeof reference === "string" ? reference : reference.ref,
  );
  return Math.max(0, ...refs.map(placed.blocksOf));
}

function atIndex(point: ProfilePoint, from: number, to: number): ProfilePoint {
  const moved = (ref: string) => ref.replace(lastIndex, `[${to}]`);
  const name = point.name.replace(new RegExp(`\\.${from}(?=\\.|$)`), `.${to}`);
  const sunspec = point.sunspec?.map((reference) =>
    typeof reference === "string" ? moved(reference) : { ...reference, ref: moved(reference.ref) },
  );
  const repeat = point.repeat && { ...point.repeat, index: to };
  return { ...point, name, ...(sunspec && { sunspec }), ...(repeat && { repeat }) };
}
