import type { CounterMemory, LastSilence } from "./counter-memory.ts";

/** Nobody exchanges a device in less; shorter ones are a bad line's. */
const leastMs = 10 * 60_000;
/** An exchange is told of within a day of its wiring; an older silence had another reason. */
const mostAgeMs = 86_400_000;

/** The silence that ends now; `undefined` where the device was heard all the time. */
export function silenceOver(
  points: ReadonlyMap<string, CounterMemory>,
  heardAt: number | undefined,
  at: number,
): LastSilence | undefined {
  if (heardAt === undefined || at - heardAt <= leastMs) return undefined;
  const before = [...points].map(([name, { last }]) => [name, { before: last }] as const);
  return { at, points: Object.fromEntries(before) };
}

/** Whether a device that is said to be another may have come in that silence. */
export function isRecent(silence: LastSilence, now: number): boolean {
  return now >= silence.at && now - silence.at <= mostAgeMs;
}

/** The silence with what was read of a counter after it, as it was judged. */
export function readAfter(
  silence: LastSilence,
  name: string,
  reading: { readonly value: string; readonly at: number },
  { good, event }: { readonly good: boolean; readonly event?: unknown },
): LastSilence {
  const entry = silence.points[name];
  if (!good || !entry || entry.after) return silence;
  const { [name]: _, ...others } = silence.points;
  return {
    ...silence,
    points: event ? others : { ...others, [name]: { ...entry, after: reading } },
  };
}
