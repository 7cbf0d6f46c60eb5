import type { Flag, Lane, Value } from "@sunledger/model";
import type { Polled } from "./polled.ts";
import type { PolledPoint } from "./polled-point.ts";
import type { Resolved } from "./resolve-values.ts";

/** What one round gave, a frame for each lane that has a point in it. */
export function framesOf(
  device: string,
  at: number,
  resolved: ReadonlyMap<PolledPoint, Resolved>,
): Polled[] {
  return (["counters", "values"] as const).flatMap((lane) => {
    const frame = frameOf(lane, resolved);
    return frame ? [{ device, lane, at, ...frame }] : [];
  });
}

function frameOf(lane: Lane, resolved: ReadonlyMap<PolledPoint, Resolved>) {
  const points: string[] = [];
  const values: Value[] = [];
  const quality: Record<number, Flag> = {};
  for (const [point, result] of resolved) {
    if (point.lane !== lane || "text" in result) continue;
    if (result.flag !== undefined) quality[points.length] = result.flag;
    points.push(point.name);
    values.push(result.value);
  }
  if (points.length === 0) return;
  return Object.keys(quality).length > 0 ? { points, values, quality } : { points, values };
}
