import { namesLike } from "../names-like.ts";
import { PlainError } from "../plain-error.ts";
import type { FoundDevice } from "./find-device.ts";

/**
 * The points to export: those that were named, separated by commas, or all that the device has frames
 * of. Throws one sentence when it knows none of a name.
 */
export function wantedPoints(
  named: string | undefined,
  { device, name }: FoundDevice,
  stored: readonly string[],
): readonly string[] {
  if (named === undefined) return stored;
  const announced = device.announcement?.points.filter(({ kind }) => kind !== "text") ?? [];
  const known = [...new Set([...stored, ...announced.map((point) => point.name)])].sort();
  const wanted = named.split(",").map((point) => point.trim());
  const unknown = wanted.filter((point) => !known.includes(point));
  if (unknown.length === 0) return wanted;
  const [first = ""] = unknown;
  const has = known.length > 0 ? namesLike(first, known) : "It has no points yet.";
  throw new PlainError(`${name} has no point ${unknown.join(", ")}. ${has}`);
}

/**
 * Of each device of a plant the points that were named and it has frames of, or all that it has. Throws one sentence when no
 * device has frames of a name.
 */
export function wantedOfPlant(
  named: string | undefined,
  plant: string,
  stored: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  if (named === undefined) return stored;
  const wanted = named.split(",").map((point) => point.trim());
  const known = [...new Set([...stored.values()].flat())].sort();
  const [unknown] = wanted.filter((point) => !known.includes(point));
  if (unknown !== undefined) {
    const has = known.length > 0 ? namesLike(unknown, known) : "It has no points yet.";
    throw new PlainError(`No device of ${plant} has frames of ${unknown}. ${has}`);
  }
  return new Map(
    [...stored].map(([device, points]) => [device, points.filter((one) => wanted.includes(one))]),
  );
}
