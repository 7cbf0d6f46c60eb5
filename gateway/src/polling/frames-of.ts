import { type Flag, type Lane, mostLayoutPoints, type Value } from "@sunledger/model";
import type { Polled } from "./polled.ts";
import type { PolledPoint } from "./polled-point.ts";
import type { Resolved } from "./resolve-values.ts";

type Given = readonly [PolledPoint, Exclude<Resolved, { readonly text: string }>];

/**
 * What one round gave, a frame for each lane that has a point in it; several where a layout could
 * not name all of its points.
 */
export function framesOf(
  device: string,
  at: number,
  resolved: ReadonlyMap<PolledPoint, Resolved>,
): Polled[] {
  return (["counters", "values"] as const).flatMap((lane) =>
    inLayouts(givenIn(lane, resolved)).map((given) => ({ device, lane, at, ...frameOf(given) })),
  );
}

function givenIn(lane: Lane, resolved: ReadonlyMap<PolledPoint, Resolved>): Given[] {
  return [...resolved].flatMap(([point, result]): Given[] =>
    point.lane !== lane || "text" in result ? [] : [[point, result]],
  );
}

function inLayouts(given: readonly Given[]): Given[][] {
  const count = Math.ceil(given.length / mostLayoutPoints);
  return Array.from({ length: count }, (_, i) =>
    given.slice(i * mostLayoutPoints, (i + 1) * mostLayoutPoints),
  );
}

function frameOf(given: readonly Given[]) {
  const points = given.map(([{ name }]) => name);
  const values = given.map(([, { value }]): Value => value);
  const flags = given.flatMap(([, { flag }], i): [number, Flag][] => (flag ? [[i, flag]] : []));
  if (flags.length === 0) return { points, values };
  return { points, values, quality: Object.fromEntries(flags) };
}
