import type { DeviceSummary, LocalText, PlantSummary } from "@sunledger/model";

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
};

/** Longer lists are read by nobody. */
const most = 12;

export function plantPlace({ id, name, code }: PlantSummary): Place {
  return { kind: "plant", id, name, mark: code };
}

export function devicePlace({ id, name, tag, plant }: DeviceSummary, of: LocalText): Place {
  return { kind: "device", id, name, mark: tag, of, plant };
}

/**
 * The places in which every word is found, in either language; those whose mark begins with what
 * was typed stand first, and among equals the devices of the plant `here`; otherwise their order is kept.
 */
export function placesFor(query: string, places: readonly Place[], here?: string): Place[] {
  const typed = query.trim().toLowerCase();
  const words = typed.split(/\s+/);
  const found = places.filter((place) => words.every((word) => textOf(place).includes(word)));
  const begins = ({ mark }: Place) => typed !== "" && mark.toLowerCase().startsWith(typed);
  const isHere = ({ plant }: Place) => here !== undefined && plant === here;
  const rank = (place: Place) => (begins(place) ? 0 : 2) + (isHere(place) ? 0 : 1);
  return found.toSorted((one, other) => rank(one) - rank(other)).slice(0, most);
}

function textOf({ mark, name, of }: Place): string {
  return [mark, name.en, name.zh, of?.en, of?.zh].join(" ").toLowerCase();
}
