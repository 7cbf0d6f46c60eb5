import { isRefusal } from "../modbus/modbus-error.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";
import type { ChainModel } from "./chain.ts";
import type { SunspecGroup, SunspecModels } from "./models.ts";

/** What a 16-bit count says where there is none. */
const notImplemented = 0xffff;

/**
 * The models with the counts of their groups, where groups stand within groups: their places follow from
 * these. The length alone tells all others. A device that refuses them keeps what can be told without.
 */
export async function withGroupCounts(
  part: readonly ChainModel[],
  models: SunspecModels,
  read: ReadRegisters,
): Promise<ChainModel[]> {
  const counted: ChainModel[] = [];
  for (const at of part) {
    const group = models.get(at.id)?.group;
    const isNested = group?.groups?.some(({ groups = [] }) => groups.length > 0) ?? false;
    counted.push(group && isNested ? { ...at, counts: await countsIn(group, at, read) } : at);
  }
  return counted;
}

async function countsIn(
  group: SunspecGroup,
  { address, length }: ChainModel,
  read: ReadRegisters,
): Promise<Record<string, number>> {
  const wanted = new Set(countNames(group));
  const places: { readonly name: string; readonly offset: number }[] = [];
  let offset = 0;
  for (const { name, size } of group.points) {
    if (wanted.has(name) && offset < length + 2) places.push({ name, offset });
    offset += size;
  }
  const first = places[0]?.offset;
  const last = places.at(-1)?.offset;
  if (first === undefined || last === undefined) return {};
  try {
    const words = await read({
      ...{ kind: "holding", address: address + first, count: last - first + 1 },
    });
    const said = places.map(({ name, offset }) => [name, words[offset - first]] as const);
    return Object.fromEntries(
      said.flatMap(([name, word]) =>
        word === undefined || word === 0 || word === notImplemented ? [] : [[name, word] as const],
      ),
    );
  } catch (error) {
    if (isRefusal(error)) return {};
    throw error;
  }
}

/** The points that say how often a group within it stands. */
function* countNames(group: SunspecGroup): Generator<string> {
  for (const inner of group.groups ?? []) {
    if (typeof inner.count === "string") yield inner.count;
    yield* countNames(inner);
  }
}
