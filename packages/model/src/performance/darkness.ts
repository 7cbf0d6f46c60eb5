import { type Place, sunPosition } from "./sun-position.ts";

/** The zenith from which on the sun has set, degrees: see `apparentZenith`. */
const sunset = 90.833;
/** The sun neither rises nor sets unseen in such a step, save at the poles' edge. */
const stepMs = 5 * 60_000;

/** Whether the sun has set: nothing can be generated. */
export function isDark(at: number, place: Place): boolean {
  return sunPosition(at, place).zenith >= sunset;
}

/** Whether it holds at both instants and, step by step, at those between. */
export function holdsThroughout(from: number, to: number, holds: (at: number) => boolean): boolean {
  for (let at = from; at < to; at += stepMs) if (!holds(at)) return false;
  return holds(to);
}

/** Whether the sun was down at both instants and all the time between. */
export function isDarkThroughout(from: number, to: number, place: Place): boolean {
  return holdsThroughout(from, to, (at) => isDark(at, place));
}
