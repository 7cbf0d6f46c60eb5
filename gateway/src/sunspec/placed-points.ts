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
  /** The place of `103:W` or `160:module[2]:DCW`; `undefined` where the device has none. */
  find(reference: string): PlacedPoint | undefined;
  /** How many blocks of a repeating group a model has, by the length that the device gives. */
  blocksOf(model: number, group: string): number;
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
    if (isUsed) used.set(at.id, { at, model });
  }

  return {
    models: [...used.keys()],

    blocksOf(id, group) {
      const found = used.get(id);
      return found ? (groupIn(found.model, found.at, group)?.blocks ?? 0) : 0;
    },

    find(reference) {
      const wanted = parse(reference);
      const found = used.get(wanted.model);
      return found && placeIn(found, wanted);
    },
  };
}

type Found = { readonly at: ChainModel; readonly model: SunspecModel };
type Wanted = ReturnType<typeof parse>;

function placeIn({ at, model }: Found, { group, block, name }: Wanted): PlacedPoint | undefined {
  const root = { start: 0, offsets: offsetsOf(model.group) };
  const inner = group === "" ? root : blockIn({ at, model }, group, block);
  const place = inner?.offsets.get(name);
  // The device's length decides: what lies beyond it belongs to the next model.
  if (!inner || !place || inner.start + place.offset + place.point.size > at.length + 2) return;

  const { point } = place;
  const placed = { model: at.id, point, address: at.address + inner.start + place.offset };
  if (typeof point.sf === "number") return { ...placed, scale: { power: point.sf } };
  const scale = point.sf === undefined ? undefined : scaleIn([inner, root], point.sf);
  if (scale !== undefined && scale + 1 > at.length + 2) return;
  return scale === undefined ? placed : { ...placed, scale: { address: at.address + scale } };
}

type Part = { readonly start: number; readonly offsets: Offsets };

/** A scale factor stands in the group itself, or in the model's fixed part. */
function scaleIn(parts: readonly Part[], name: string): number | undefined {
  const part = parts.find(({ offsets }) => offsets.has(name));
  const place = part?.offsets.get(name);
  return part && place && part.start + place.offset;
}

function blockIn({ at, model }: Found, name: string, block: number): Part | undefined {
  const group = groupIn(model, at, name);
  if (!group || block > group.blocks) return;
  return { start: group.start + (block - 1) * group.size, offsets: group.offsets };
}

type Offsets = ReadonlyMap<string, { readonly offset: number; readonly point: SunspecPoint }>;

function offsetsOf(group: SunspecGroup): Offsets {
  let offset = 0;
  return new Map(
    group.points.map((point) => {
      const entry = [point.name, { offset, point }] as const;
      offset += point.size;
      return entry;
    }),
  );
}

/** Where a group begins behind the model's id register, and how often it stands there. */
function groupIn({ group: root }: SunspecModel, { length }: ChainModel, name: string) {
  let start = sizeOf(root);
  for (const group of root.groups ?? []) {
    const size = sizeOf(group);
    const fitting = group.count === undefined ? 1 : Math.floor((length + 2 - start) / size);
    // Where groups stand within groups the size depends on the device: only the first block's place is known.
    const blocks = group.groups ? Math.min(1, fitting) : fitting;
    if (group.name === name) return { start, size, blocks, offsets: offsetsOf(group) };
    if (group.count !== undefined || group.groups) return;
    start += size;
  }
  return;
}

function sizeOf(group: SunspecGroup): number {
  return group.points.reduce((sum, { size }) => sum + size, 0);
}

function parse(reference: string) {
  const [model = "", ...path] = reference.split(":");
  const [group = "", block = "1"] = path.length === 2 ? (path[0] ?? "").split(/[[\]]/) : [];
  return { model: Number(model), group, block: Number(block), name: path.at(-1) ?? "" };
}
