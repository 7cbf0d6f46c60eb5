import { cataloguePoint } from "@sunledger/model/points";
import type { CounterMemory, Silence } from "./counter-memory.ts";

/** Nobody wires another device in less. */
const leastMs = 90_000;
/** An exchange is told of within a day of its wiring; older silences had other reasons. */
const mostAgeMs = 86_400_000;
/** So many are kept: those that look most like an exchange. */
const mostKept = 8;

/** What is known of the device at the end of what may have been a silence. */
export type HeardAgain = {
  readonly points: ReadonlyMap<string, CounterMemory>;
  /** When it was heard last, Unix milliseconds. */
  readonly heardAt: number | undefined;
  readonly at: number;
};

/** The silences of the last day, with the one that ends now, of a device that was not heard though asked, or not asked. */
export function silencesUntil(silences: readonly Silence[], heard: HeardAgain): readonly Silence[] {
  const { points, heardAt, at } = heard;
  if (heardAt === undefined) return silences;
  const tookMs = at - heardAt;
  // By a clock that was set back nobody knows how long it was.
  if (tookMs >= 0 && tookMs <= leastMs) return silences;
  const before = [...points].map(([name, { last }]) => [name, { before: last }] as const);
  const others = recentOf(silences, at).map((silence) => withoutUnread(silence));
  return mostRisen([...others, { at, points: Object.fromEntries(before) }]);
}

/** Those in which a device may have come that is told of now, the oldest first; one that lies ahead is of a clock set back since. */
export function recentOf(silences: readonly Silence[], now: number): readonly Silence[] {
  return silences.filter(({ at }) => now - at <= mostAgeMs);
}

/** The silences with what was read of a counter after the last of them, as it was judged. */
export function readAfter(
  silences: readonly Silence[],
  name: string,
  reading: { readonly value: string; readonly at: number },
  { good, event }: { readonly good: boolean; readonly event?: unknown },
): readonly Silence[] {
  const last = silences.at(-1);
  const entry = last?.points[name];
  if (!last || !good || !entry || entry.after) return silences;
  const { [name]: _, ...others } = last.points;
  const read = event
    ? { ...last, points: others, isTold: true }
    : { ...last, points: { ...others, [name]: { ...entry, after: reading } } };
  return [...silences.slice(0, -1), read];
}

/** The one that looks most like an exchange: over which a counter fell, leapt, or else rose most. */
export function likeliestOf(silences: readonly Silence[]): Silence | undefined {
  return silences.toSorted((a, b) => likelihoodOf(b) - likelihoodOf(a))[0];
}

/** A counter that was not read between two silences was silent over both: the later one tells of it. */
function withoutUnread({ points, ...silence }: Silence): Silence {
  const read = Object.entries(points).filter(([, { after }]) => after);
  return { ...silence, points: Object.fromEntries(read) };
}

function mostRisen(silences: readonly Silence[]): readonly Silence[] {
  if (silences.length <= mostKept) return silences;
  // Of the one that ends now nothing is known yet.
  const least = silences.slice(0, -1).reduce((a, b) => (likelihoodOf(b) < likelihoodOf(a) ? b : a));
  return silences.filter((one) => one !== least);
}

/** For comparisons of size only: of energy, and of what else is counted where no energy is. */
function likelihoodOf({ points, isTold }: Silence): number {
  if (isTold) return Number.MAX_VALUE;
  const all = Object.entries(points);
  const energies = all.filter(([name]) => cataloguePoint(name)?.unit === "Wh");
  const rises = (energies.length > 0 ? energies : all).map(([, { before, after }]) =>
    after ? Number(after.value) - Number(before) : 0,
  );
  return Math.max(0, ...rises);
}
