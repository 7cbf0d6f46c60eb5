import type { DeviceProfile, IdentifyItem } from "./device-profile.ts";
import type { CataloguePoint } from "./point-catalogue.ts";
import type { ProfilePoint } from "./profile-point.ts";
import { registersOf } from "./register-size.ts";

/** What is wrong with a profile beyond its shape: fit to be read by whoever writes one. */
export type ProfileFault = {
  /** The profile's file. */
  readonly file: string;
  /** The point, or the part of the profile, that is wrong. */
  readonly point: string;
  readonly reason: string;
};

/** The points of each SunSpec model, as `group:point`; `:point` for those outside of any group. */
export type SunspecPoints = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The rules that cross from one part of a profile to another, to the profile it extends, to the
 * catalogue of points and to the SunSpec models. None broken: an empty list.
 */
export function profileFaults(
  profile: DeviceProfile,
  others: ReadonlyMap<string, DeviceProfile>,
  catalogue: readonly CataloguePoint[],
  models: SunspecPoints,
): ProfileFault[] {
  const parent = profile.extends === undefined ? undefined : others.get(profile.extends);
  const known: Known = {
    profile,
    others,
    models,
    catalogue: new Map(catalogue.map((point) => [point.name, point])),
    sources: new Set([...(parent?.sources ?? []), ...profile.sources].map(({ id }) => id)),
    enums: new Set(Object.keys({ ...parent?.enums, ...profile.enums })),
    bitfields: new Set(Object.keys({ ...parent?.bitfields, ...profile.bitfields })),
    names: new Set([...(parent?.points ?? []), ...profile.points].map(({ name }) => name)),
  };
  const file = `${profile.id}.json`;
  return [...faultsOf(known)].map(([point, reason]) => ({ file, point, reason }));
}

type Known = {
  readonly profile: DeviceProfile;
  readonly others: ReadonlyMap<string, DeviceProfile>;
  readonly models: SunspecPoints;
  readonly catalogue: ReadonlyMap<string, CataloguePoint>;
  readonly sources: ReadonlySet<string>;
  readonly enums: ReadonlySet<string>;
  readonly bitfields: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
};

type Fault = readonly [point: string, reason: string];

function* faultsOf(known: Known): Generator<Fault> {
  const { profile, others, sources } = known;
  if (profile.extends !== undefined && !others.has(profile.extends)) {
    yield ["extends", `extends an unknown profile: ${profile.extends}`];
  }
  yield* childrenFaults(known);
  for (const item of [...(profile.identify ?? []), ...(profile.children?.identify ?? [])]) {
    yield* identifyFaults(item, known);
  }
  for (const { id, src } of profile.quirks ?? []) {
    for (const source of unknownSources(src, sources)) {
      yield [`quirk ${id}`, `unknown source ${source}`];
    }
  }
  for (const [index, point] of profile.points.entries()) {
    const where = `point ${index} ${point.name}`;
    for (const reason of pointFaults(point, known)) yield [where, reason];
  }
  yield* sameNameFaults(profile.points);
}

function* sameNameFaults(points: readonly ProfilePoint[]): Generator<Fault> {
  const seen = new Set<string>();
  for (const [index, { name, address, optional, prefer }] of points.entries()) {
    if (address === undefined) continue;
    if (seen.has(name) && !optional && prefer === undefined) {
      yield [`point ${index} ${name}`, "same name again without optional or prefer"];
    }
    seen.add(name);
  }
}

function* childrenFaults({ profile, others, sources }: Known): Generator<Fault> {
  const { children } = profile;
  if (!children) return;
  const cited = [...children.src, ...children.members.flatMap(({ src }) => src)];
  for (const source of unknownSources(cited, sources)) {
    yield ["children", `unknown source ${source}`];
  }
  for (const member of children.members) {
    if (member.profile !== profile.id && !others.has(member.profile)) {
      yield ["children", `no profile ${member.profile}`];
    }
  }
  const [first, last] = children.unit.range;
  if (first > last) yield ["children", "range of unit ids is empty"];
  if (!children.unit.self.includes(profile.transport.unit.default)) {
    yield ["children", "the default unit id is not one of the master's own"];
  }
}

function* identifyFaults(item: IdentifyItem, { catalogue }: Known): Generator<Fault> {
  const where = `identify ${item.name}`;
  if (!catalogue.has(item.name)) yield [where, "not in the catalogue"];
  if (item.type === "string" && item.length === undefined) yield [where, "string without length"];
}

function* pointFaults(point: ProfilePoint, known: Known): Generator<string> {
  const entry = known.catalogue.get(point.name);
  if (!entry) {
    yield "not in the catalogue";
    return;
  }
  if (point.type !== "string" && (point.unit ?? "") !== entry.unit) {
    yield `unit ${JSON.stringify(point.unit ?? "")}, the catalogue has ${JSON.stringify(entry.unit)}`;
  }
  for (const source of point.src) {
    if (!known.sources.has(source)) yield `unknown source ${source}`;
  }
  yield* addressFaults(point, known.profile);
  yield* referenceFaults(point, known.models);
  yield* tableFaults(point, known);
  yield* nameFaults(point, known.names);
  yield* writeFaults(point, known.names);
  if (entry.kind !== "setpoint" && (point.access ?? "r") !== "r") {
    yield "only set-points may be written";
  }
}

function* addressFaults(point: ProfilePoint, profile: DeviceProfile): Generator<string> {
  const { address, type } = point;
  if (address === undefined || type === undefined) return;
  const size = registersOf({ type, length: point.length });
  if (address + size > 65_536) yield "runs over the end of the address space";
  if (size > profile.limits.maxRegistersPerRead) yield "longer than a read may be";
  if (type === "string") return;
  const invalid = point.invalid ?? profile.defaults?.invalid?.[type] ?? [];
  for (const raw of [invalid].flat()) {
    if (raw !== "NaN" && raw.length - 2 !== size * 4) {
      yield `invalid value ${raw} has not the width of ${type}`;
    }
  }
}

function* referenceFaults({ sunspec }: ProfilePoint, models: SunspecPoints): Generator<string> {
  for (const reference of sunspec ?? []) {
    const ref = typeof reference === "string" ? reference : reference.ref;
    if (!isSunspecPoint(ref, models)) yield `no such SunSpec point: ${ref}`;
  }
}

function* tableFaults(point: ProfilePoint, { enums, bitfields }: Known): Generator<string> {
  const tables = [point.enum, ...Object.values(point.enumByModel ?? {})];
  for (const table of tables) {
    if (table !== undefined && !enums.has(table)) yield `no table ${table}`;
  }
  if (point.bits !== undefined && !bitfields.has(point.bits)) yield `no table ${point.bits}`;
}

function* nameFaults(point: ProfilePoint, names: ReadonlySet<string>): Generator<string> {
  for (const name of point.multiplyBy ?? []) {
    if (!names.has(name)) yield `multiplies by a point that is not there: ${name}`;
  }
  for (const { name } of point.write?.requires ?? []) {
    if (!names.has(name)) yield `requires a point that is not there: ${name}`;
  }
}

function* writeFaults({ write }: ProfilePoint, names: ReadonlySet<string>): Generator<string> {
  if (write?.maxFrom !== undefined && !names.has(write.maxFrom)) {
    yield `takes its maximum from a point that is not there: ${write.maxFrom}`;
  }
  if (write?.enabledBy && !names.has(write.enabledBy.name)) {
    yield `is enabled by a point that is not there: ${write.enabledBy.name}`;
  }
  const { min, max } = write ?? {};
  if (typeof min === "number" && typeof max === "number" && min >= max) {
    yield "min is not below max";
  }
}

function isSunspecPoint(reference: string, models: SunspecPoints): boolean {
  const [model = "", ...path] = reference.replace(/\[\d+\]/g, "").split(":");
  return models.get(model)?.has(path.length === 1 ? `:${path[0]}` : path.join(":")) ?? false;
}

function unknownSources(cited: readonly string[], known: ReadonlySet<string>): string[] {
  return cited.filter((source) => !source.startsWith("issue:") && !known.has(source));
}
