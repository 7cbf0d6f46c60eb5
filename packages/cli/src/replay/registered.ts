import type { Plant } from "@sunledger/model";
import { fewOf } from "../names-like.ts";
import { PlainError } from "../plain-error.ts";
import type { NeededDevice } from "./needed-devices.ts";

/** Where a plant is to be, as far as it is said. */
export type PlantPlace = Partial<Pick<Plant, "timeZone" | "latitude" | "longitude">>;

/** Throws when a plant that is there would have to be elsewhere: a replay moves none. */
export function requirePlace(
  plant: Pick<Plant, "code" | "timeZone" | "latitude" | "longitude">,
  { timeZone, latitude, longitude }: PlantPlace,
): void {
  const isThere = (latitude ?? plant.latitude) === plant.latitude;
  const isAtPosition = isThere && (longitude ?? plant.longitude) === plant.longitude;
  const options = [
    ...((timeZone ?? plant.timeZone) === plant.timeZone ? [] : [`--zone ${timeZone}`]),
    ...(isAtPosition ? [] : [`--position ${latitude},${longitude}`]),
  ];
  if (options.length === 0) return;
  throw new PlainError(
    `The plant ${plant.code} is there already, in ${plant.timeZone} at ` +
      `${plant.latitude},${plant.longitude}, and ${options.join(" and ")} would make it elsewhere: ` +
      "leave that out, or name another plant with --plant.",
  );
}

/** Throws when a file's map calls a device of a plant something else than it is. */
export function requireKinds(
  plant: string,
  known: readonly NeededDevice[],
  needed: readonly NeededDevice[],
): void {
  const kinds = new Map(known.map(({ tag, kind }) => [tag, kind]));
  const wrong = needed.flatMap(({ tag, kind }) => {
    const own = kinds.get(tag) ?? kind;
    return own === kind ? [] : [`${tag} (${own}, not ${kind})`];
  });
  if (wrong.length === 0) return;
  throw new PlainError(
    `The map calls devices of the plant ${plant} what they are not: ${fewOf(wrong)}.`,
  );
}
