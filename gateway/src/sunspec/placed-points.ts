import type { ChainModel } from "./chain.ts";
import type { SunspecGroup, SunspecModel, SunspecModels, SunspecPoint } from "./models.ts";

/** A point of a model where this device has it. */
export type PlacedPoint = {
  readonly model: number;
  readonly point: SunspecPoint;
  readonly address: number;
  /** The scale factor's register, or the fixed power of ten. */
  readonly scale?: { readonly address: number } | { readonly power: number };
};

/** Finds points in one device's part of a chain. */
export interface PlacedPoints {
  /**
   * The place of `103:W`, `160:module[2]:DCW` or `705:Crv[1]:Pt[2]:V`; `undefined` where the device has
   * none.
   */
  find(reference: string): PlacedPoint | undefined;
  /** How many blocks there are of the innermost group that a reference names. */
  blocksOf(reference: string): number;
  readonly models: readonly number[];
}

/**
 * Of models that say the same, only the preferred one is looked at: where a device has integer and
 * float twins, the float one.
 */
export function placedPoints(
  chain: readonly ChainModel[],
  models: SunspecModels,
  preference: readonly (readonly string[])[] = [],
): PlacedPoints {
  const present = new Set(chain.map(({ id }) => id));
  const passedOver = new Set(
    preference.flatMap((twins) => twins.filter((id) => present.has(Number(id))).slice(1)),
  );
  const used = new Map<number, Found>();
  for (const at of chain) {
    const model = models.get(at.id);
    const isUsed = model && !used.has(at.id) && !passedOver.has(String(at.id));
    if (isUsed) used.set(at.id, { at: withoutContradiction(at, model), model });
  }

  return {
    models: [...used.keys()],

    blocksOf(reference) {
      const { model, path } = parse(reference);
      const found = used.get(model);
      const outer = found && partsOn(path.slice(0, -1), found)?.at(-1);
      const inner = path.at(-1);
      if (!found || !outer || !inner) return 0;
      return groupIn(outer, inner.name, found)?.blocks ?? 0;
    },

    find(reference) {
      const wanted = parse(reference);
      const found = used.get(wanted.model);
      return found && placeIn(found, wanted);
    },
  };
}

/** Counts that do not fit the model's length tell nothing: what they place would be another's. */
function withoutContradiction(at: ChainModel, { group }: SunspecModel): ChainModel {
  const { counts: _, ...bare } = at;
  return (sizeOf(group, at) ?? 0) > at.length + 2 ? bare : at;
}

type Found = { readonly at: ChainModel; readonly model: SunspecModel };
type Wanted = ReturnType<typeof parse>;

function placeIn({ at, model }: Found, { path, name }: Wanted): PlacedPoint | undefined {
  const parts = partsOn(path, { at, model })?.toReversed();
  const inner = parts?.[0];
  const place = inner && offsetsOf(inner.group).get(name);
  // The device's length decides: what lies beyond it belongs to the next model.
  if (!place || inner.start + place.offset + place.point.size > at.length + 2) return;

  const { point } = place;
  const placed = { model: at.id, point, address: at.address + inner.start + place.offset };
  if (typeof point.sf === "number") return { ...placed, scale: { power: point.sf } };
  const scale = point.sf === undefined ? undefined : scaleIn(parts, point.sf);
  if (scale !== undefined && scale + 1 > at.length + 2) return;
  return scale === undefined ? placed : { ...placed, scale: { address: at.address + scale } };
}

/** One block of a group, and where it begins behind the model's id register. */
type Part = { readonly start: number; readonly group: SunspecGroup };

/** A scale factor stands in the group itself, or in one around it. */
function scaleIn(parts: readonly Part[], name: string): number | undefined {
  for (const { start, group } of parts) {
    const place = offsetsOf(group).get(name);
    if (place) return start + place.offset;
  }
  return;
}

/** The blocks that a path leads through, the model itself first; `undefined` where the device has them not. */
function partsOn(path: Wanted["path"], found: Found): Part[] | undefined {
  const parts: Part[] = [{ start: 0, group: found.model.group }];
  for (const { name, block } of path) {
    const outer = parts.at(-1);
    const inner = outer && groupIn(outer, name, found);
    if (!inner || block > inner.blocks) return;
    parts.push({ start: inner.start + (block - 1) * inner.size, group: inner.group });
  }
  return parts;
}

type Offsets = ReadonlyMap<string, { readonly offset: number; readonly point: SunspecPoint }>;

const offsets = new WeakMap<SunspecGroup, Offsets>();

function offsetsOf(group: SunspecGroup): Offsets {
  const known = offsets.get(group);
  if (known) return known;
  let offset = 0;
  const made = new Map(
    group.points.map((point) => {
      const entry = [point.name, { offset, point }] as const;
      offset += point.size;
      return entry;
    }),
  );
  offsets.set(group, made);
  return made;
}

/** Where the first block of a group begins, how large each is and how many the device has. */
function groupIn(outer: Part, name: string, found: Found) {
  let start = outer.start + ownSizeOf(outer.group);
  for (const group of outer.group.groups ?? []) {
    const size = sizeOf(group, found.at);
    if (group.name === name) {
      return { start, size: size ?? 0, blocks: blocksFrom(start, group, outer, found), group };
    }
    const count = countOf(group, found.at);
    if (size === undefined || count === undefined) return;
    start += count * size;
  }
  return;
}

function blocksFrom(start: number, group: SunspecGroup, outer: Part, { at, model }: Found): number {
  const size = sizeOf(group, at);
  const fitting = Math.floor((at.length + 2 - start) / (size ?? ownSizeOf(group)));
  // Within a block no length says how many there are.
  const count = countOf(group, at) ?? (outer.group === model.group ? fitting : 0);
  // Of blocks whose size is not known only the first one's place is.
  return Math.max(0, Math.min(fitting, size === undefined ? 1 : count));
}

/** How often a group stands; `undefined` where only the length says so. */
function countOf({ count }: SunspecGroup, { counts }: ChainModel): number | undefined {
  if (count === undefined) return 1;
  if (typeof count === "string") return counts?.[count];
  return count === 0 ? undefined : count;
}

/** The registers of one block with all within it; `undefined` where that is not known. */
function sizeOf(group: SunspecGroup, at: ChainModel): number | undefined {
  let sum = ownSizeOf(group);
  for (const inner of group.groups ?? []) {
    const count = countOf(inner, at);
    const size = sizeOf(inner, at);
    if (count === undefined || size === undefined) return;
    sum += count * size;
  }
  return sum;
}

function ownSizeOf(group: SunspecGroup): number {
  return group.points.reduce((sum, { size }) => sum + size, 0);
}

function parse(reference: string) {
  const [model = "", ...names] = reference.split(":");
  const path = names.slice(0, -1).map((step) => {
    const [name = "", block = "1"] = step.split(/[[\]]/);
    return { name, block: Number(block) };
  });
  return { model: Number(model), path, name: names.at(-1) ?? "" };
}
