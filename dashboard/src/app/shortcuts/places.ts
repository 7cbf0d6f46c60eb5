import type { DeviceSummary, FoundPlace, LocalText, PlantSummary } from "@sunledger/model";

/** Somewhere to jump to. */
export type Place = {
  readonly kind: "plant" | "device";
  readonly id: string;
  readonly name: LocalText;
  /** What it is called on the spot: a plant's code, a device's tag. */
  readonly mark: string;
  /** The plant that a device belongs to. */
  readonly of?: LocalText;
  readonly plant?: string;
  /** What a device says of itself: its serial number and model. */
  readonly said?: readonly string[];
};

/** Longer lists are read by nobody. */
const most = 12;

export function plantPlace({ id, name, code }: PlantSummary): Place {
  return { kind: "plant", id, name, mark: code };
}

export function devicePlace({ id, name, tag, plant }: DeviceSummary, of: LocalText): Place {
  return { kind: "device", id, name, mark: tag, of, plant };
}

export function foundPlace({ plant, serial, model, ...found }: FoundPlace): Place {
  const said = [serial, model].filter((text) => text !== undefined);
  return { ...found, ...(plant && { of: plant.name, plant: plant.id }), said };
}

/** What of a device's own words holds a typed one that its mark and name do not. */
export function saidOf(query: string, { mark, name, said = [] }: Place): string | undefined {
  const shown = [mark, name.en, name.zh].join(" ").toLowerCase();
  const words = wordsOf(query).filter((word) => !shown.includes(word));
  return said.find((text) => words.some((word) => text.toLowerCase().includes(word)));
}

/**
 * The places in which every word is found, in either language; those whose mark begins with what
 * was typed stand first, and among equals the devices of the plant `here`; otherwise their order is kept.
 */
export function placesFor(query: string, places: readonly Place[], here?: string): Place[] {
  const typed = query.trim().toLowerCase();
  const words = wordsOf(query);
  const found = places.filter((place) => words.every((word) => textOf(place).includes(word)));
  const begins = ({ mark }: Place) => typed !== "" && mark.toLowerCase().startsWith(typed);
  const isHere = ({ plant }: Place) => here !== undefined && plant === here;
  const rank = (place: Place) => (begins(place) ? 0 : 2) + (isHere(place) ? 0 : 1);
  return found.toSorted((one, other) => rank(one) - rank(other)).slice(0, most);
}

function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

function textOf({ mark, name, of, said = [] }: Place): string {
  return [mark, name.en, name.zh, of?.en, of?.zh, ...said].join(" ").toLowerCase();
}
