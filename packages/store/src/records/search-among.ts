import type { Device, FoundPlace, Plant } from "@sunledger/model";
import type { PlaceSearch } from "./records.ts";

type Candidate = {
  readonly place: FoundPlace;
  readonly own: readonly string[];
  readonly beyond: readonly string[];
};

/** The search of `Records` among plants and devices that are at hand. */
export function foundAmong(
  plants: readonly Plant[],
  devices: readonly Device[],
  { text, near, most }: Omit<PlaceSearch, "organisation">,
): FoundPlace[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  const whole = words.join(" ");
  const rank = ({ own }: Candidate) => {
    if (own.includes(whole)) return 0;
    if (own.some((each) => each.startsWith(whole))) return 1;
    return holds(own, words) ? 2 : 3;
  };
  const isNear = ({ place }: Candidate) => near !== undefined && place.plant?.id === near;
  return [...plants.map(ofPlant), ...devices.flatMap((device) => ofDevice(device, plants))]
    .filter(({ own, beyond }) => holds([...own, ...beyond], words))
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) ||
        Number(isNear(other)) - Number(isNear(one)) ||
        compared(other.place.kind, one.place.kind) ||
        compared(one.place.mark, other.place.mark) ||
        compared(one.place.id, other.place.id),
    )
    .slice(0, most)
    .map(({ place }) => place);
}

function ofPlant({ id, code, name }: Plant): Candidate {
  return { place: { kind: "plant", id, mark: code, name }, own: textsOf(code, name), beyond: [] };
}

function ofDevice(device: Device, plants: readonly Plant[]): Candidate[] {
  const { id, tag, name, announcement } = device;
  const plant = plants.find((each) => each.id === device.plant);
  if (!plant) return [];
  const { "id.serial": serial, "id.model": model } = announcement?.texts ?? {};
  const place: FoundPlace = {
    ...({ kind: "device", id, mark: tag, name } as const),
    ...(serial !== undefined && { serial }),
    ...(model !== undefined && { model }),
    plant: { id: plant.id, code: plant.code, name: plant.name },
  };
  const own = [...textsOf(tag, name), ...[serial, model].map((said) => (said ?? "").toLowerCase())];
  return [{ place, own, beyond: textsOf(plant.code, plant.name) }];
}

function textsOf(mark: string, { en, zh }: Plant["name"]): string[] {
  return [mark, en, zh ?? ""].map((text) => text.toLowerCase());
}

function holds(texts: readonly string[], words: readonly string[]): boolean {
  return words.every((word) => texts.some((text) => text.includes(word)));
}

function compared(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
