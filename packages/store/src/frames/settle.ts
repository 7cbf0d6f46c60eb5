import { type Range, type Ranges, rangesOf, unionOf } from "@sunledger/model";
import type { BatchOutcome, FrameBatch, Quarantined } from "./frame-store.ts";
import { type Aside, byKeyOrder, type Entry, sift, streamOf, type Verdict } from "./sift.ts";

/** What a key holds after frames were put there. `own`: just this frame, under this number. */
export type Holding = {
  readonly held: "own" | "sameStream" | "otherStream" | "nothing";
  readonly same: boolean;
};

/** What is known of a settled number besides what its frame's key holds. */
export type Recollection = Holding & { readonly aside: "kept" | "gap" | undefined };

/** One store's side of a write within one organisation: everything in the caller's transaction. */
export interface Shelf {
  /** Stores each frame whose key is free, in the order given; says what every key holds now. */
  put(entries: readonly Entry[]): Promise<readonly Holding[]>;
  recall(entries: readonly Entry[]): Promise<readonly Recollection[]>;
  keepAside(entries: readonly Aside[]): Promise<void>;
  /** Takes the rows that the batch names out of quarantine; answers the numbers of those still there. */
  takeOut(batch: FrameBatch, ids: readonly string[]): Promise<ReadonlySet<number>>;
  quarantine(rows: readonly (Quarantined & { readonly batch: FrameBatch })[]): Promise<void>;
  keepGaps(batches: readonly FrameBatch[]): Promise<void>;
}

/** Under which a frame is quarantined whose number another frame has taken. */
export const takenCode = "numberTaken" as const;
const takenReason = "the number belongs to another frame of this epoch";

export type Settlement = {
  readonly outcomes: readonly BatchOutcome[];
  /** The settled numbers of each stream after the write, by `streamOf`. */
  readonly settled: ReadonlyMap<string, Ranges>;
};

/**
 * The rules of delivery, for the batches of one organisation: new numbers are stored, repetitions
 * change nothing, other values of one identity are kept aside, numbers of an outbox that is a copy
 * are quarantined, and all of them are settled (D-4 to D-6). A frame that comes out of quarantine is
 * judged as if its number were new.
 */
export async function settle(
  shelf: Shelf,
  batches: readonly FrameBatch[],
  settledBefore: (batch: FrameBatch) => Ranges,
): Promise<Settlement> {
  const sifted = sift(batches, settledBefore);
  const verdicts = new Map(sifted.decided);
  const aside = [...sifted.aside];

  const { back, known } = await takenOut(shelf, batches, sifted.known);
  const late = await judgeKnown(shelf, known.toSorted(byKeyOrder), verdicts, aside);
  const fresh = [...sifted.candidates, ...back, ...late].sort(byKeyOrder);
  await judgeNew(shelf, fresh, verdicts, aside);

  if (aside.length > 0) await shelf.keepAside(aside);
  const rows = quarantinedOf(batches, verdicts);
  if (rows.length > 0) await shelf.quarantine(rows);
  const withGaps = batches.filter(({ gaps }) => gaps.length > 0);
  if (withGaps.length > 0) await shelf.keepGaps(withGaps);

  const settled = settledAfter(batches, settledBefore);
  return { outcomes: outcomesOf(batches, verdicts, settled), settled };
}

/** Parts the settled numbers: those that leave quarantine now, each once, and all others. */
async function takenOut(
  shelf: Shelf,
  batches: readonly FrameBatch[],
  known: readonly Entry[],
): Promise<{ readonly back: readonly Entry[]; readonly known: readonly Entry[] }> {
  const out = new Map<FrameBatch, Set<number>>();
  for (const batch of batches) {
    const { replayed = [] } = batch;
    if (replayed.length > 0) out.set(batch, new Set(await shelf.takeOut(batch, replayed)));
  }
  const back: Entry[] = [];
  const rest = known.filter((entry) => {
    const isBack = out.get(entry.batch)?.delete(entry.frame.sequence) ?? false;
    if (isBack) back.push(entry);
    return !isBack;
  });
  return { back, known: rest };
}

async function judgeNew(
  shelf: Shelf,
  entries: readonly Entry[],
  verdicts: Map<Entry, Verdict>,
  aside: Aside[],
): Promise<void> {
  if (entries.length === 0) return;
  const holdings = await shelf.put(entries);
  entries.forEach((entry, i) => {
    const { held, same } = holdings[i] as Holding;
    verdicts.set(entry, held === "own" ? "fresh" : same ? "repeated" : "conflict");
    if (held !== "own" && (!same || held === "sameStream"))
      aside.push({ ...entry, differs: !same });
  });
}

/** Judges settled numbers; returns the frames that arrive although they were given up. */
async function judgeKnown(
  shelf: Shelf,
  entries: readonly Entry[],
  verdicts: Map<Entry, Verdict>,
  aside: Aside[],
): Promise<readonly Entry[]> {
  if (entries.length === 0) return [];
  const late: Entry[] = [];
  const recollections = await shelf.recall(entries);
  entries.forEach((entry, i) => {
    const { held, same, aside: kept } = recollections[i] as Recollection;
    if (kept === "gap" && held === "nothing") late.push(entry);
    else if (held === "own" && !same) {
      verdicts.set(entry, "conflict");
      aside.push({ ...entry, differs: true });
    } else {
      const repeats = held === "own" || kept === "kept" || (held === "otherStream" && same);
      verdicts.set(entry, repeats ? "repeated" : "taken");
    }
  });
  return late;
}

function quarantinedOf(batches: readonly FrameBatch[], verdicts: ReadonlyMap<Entry, Verdict>) {
  const given = batches.flatMap((batch) => batch.quarantined.map((row) => ({ ...row, batch })));
  const taken = [...verdicts]
    .filter(([, verdict]) => verdict === "taken")
    .map(([{ batch, frame }]) => {
      return {
        batch,
        sequence: frame.sequence,
        code: takenCode,
        reason: takenReason,
        payload: frame,
      };
    });
  return [...given, ...taken];
}

function settledAfter(
  batches: readonly FrameBatch[],
  settledBefore: (batch: FrameBatch) => Ranges,
): ReadonlyMap<string, Ranges> {
  const settled = new Map<string, Ranges>();
  for (const batch of batches) {
    const stream = streamOf(batch);
    settled.set(stream, unionOf(settled.get(stream) ?? settledBefore(batch), numbersOf(batch)));
  }
  return settled;
}

/** Every number that the batch settles. */
function numbersOf({ frames, quarantined, gaps }: FrameBatch): Ranges {
  const single = (number: number): Range => [number, number];
  return rangesOf([
    ...frames.map(({ sequence }) => single(sequence)),
    ...quarantined.flatMap(({ sequence }) => (sequence === undefined ? [] : [single(sequence)])),
    ...gaps.map(({ from, to }): Range => [from, to]),
  ]);
}

function outcomesOf(
  batches: readonly FrameBatch[],
  verdicts: ReadonlyMap<Entry, Verdict>,
  settled: ReadonlyMap<string, Ranges>,
): readonly BatchOutcome[] {
  const byBatch = new Map<FrameBatch, { fresh: Set<number>; count: Record<Verdict, number> }>();
  for (const batch of batches) {
    byBatch.set(batch, {
      fresh: new Set(),
      count: { fresh: 0, repeated: 0, conflict: 0, taken: 0 },
    });
  }
  for (const [{ batch, frame }, verdict] of verdicts) {
    const tally = byBatch.get(batch);
    if (!tally) continue;
    tally.count[verdict] += 1;
    if (verdict === "fresh") tally.fresh.add(frame.sequence);
  }
  return batches.map((batch) => {
    const tally = byBatch.get(batch);
    return {
      fresh: tally?.fresh ?? new Set(),
      repeated: tally?.count.repeated ?? 0,
      conflicts: tally?.count.conflict ?? 0,
      settled: settled.get(streamOf(batch)) ?? [],
      newEpoch: (tally?.count.taken ?? 0) > 0,
    };
  });
}
