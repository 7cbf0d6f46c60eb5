import { includes, type Ranges } from "@sunledger/model";
import type { FrameBatch, StoredFrame } from "./frame-store.ts";
import { exactValue } from "./values.ts";

/** One frame of a write, with the batch it came in. */
export type Entry = { readonly batch: FrameBatch; readonly frame: StoredFrame };

/** What becomes of a frame. `taken`: its number belongs to another frame, the outbox is a copy. */
export type Verdict = "fresh" | "repeated" | "conflict" | "taken";

/** A frame to be kept aside, since its key holds another one; `differs`: with other values (D-5). */
export type Aside = Entry & { readonly differs: boolean };

export type Sifted = {
  /** Numbers never seen, each key once. */
  readonly candidates: readonly Entry[];
  /** Numbers that were settled before. */
  readonly known: readonly Entry[];
  /** What the write itself decides: the repetitions inside it. */
  readonly decided: ReadonlyMap<Entry, Verdict>;
  readonly aside: readonly Aside[];
};

/** Names the sequence of numbers that a batch belongs to. */
export function streamOf({ organisation, gateway, epoch, lane }: FrameBatch): string {
  return `${organisation}/${gateway}/${epoch}/${lane}`;
}

/** Names what a frame is the value of (D-5). */
export function keyOf({ device, layout, at }: StoredFrame): string {
  return `${device}/${layout}/${at}`;
}

/** Parts the frames of one organisation by what has to be asked of the store. */
export function sift(
  batches: readonly FrameBatch[],
  settledBefore: (batch: FrameBatch) => Ranges,
): Sifted {
  const known: Entry[] = [];
  const decisions: [Entry, Decision | undefined][] = [];
  const byNumber = new Map<string, StoredFrame>();
  const byKey = new Map<string, Entry>();

  for (const batch of batches) {
    const settled = settledBefore(batch);
    const stream = streamOf(batch);
    for (const frame of batch.frames) {
      const entry = { batch, frame };
      const number = `${stream}/${frame.sequence}`;
      if (includes(settled, frame.sequence)) {
        known.push(entry);
        continue;
      }
      const decision = within(entry, byNumber.get(number), byKey.get(keyOf(frame)));
      decisions.push([entry, decision]);
      if (!decision) byKey.set(keyOf(frame), entry);
      if (!byNumber.has(number)) byNumber.set(number, frame);
    }
  }
  return {
    known,
    candidates: decisions.filter(([, decision]) => !decision).map(([entry]) => entry),
    decided: new Map(decisions.flatMap(([entry, by]) => (by ? [[entry, by.verdict]] : []))),
    aside: decisions.flatMap(([entry, by]) =>
      by?.keep ? [{ ...entry, differs: by.verdict === "conflict" }] : [],
    ),
  };
}

type Decision = { readonly verdict: Verdict; readonly keep: boolean };

/** What a frame is when its number or its key came earlier in the same write. */
function within(
  { batch, frame }: Entry,
  namesake: StoredFrame | undefined,
  twin: Entry | undefined,
): Decision | undefined {
  if (namesake) {
    const verdict = againstNamesake(frame, namesake);
    return { verdict, keep: verdict === "conflict" };
  }
  if (!twin) return undefined;
  return sameValues(frame, twin.frame)
    ? { verdict: "repeated", keep: streamOf(twin.batch) === streamOf(batch) }
    : { verdict: "conflict", keep: true };
}

/** A number that comes twice: the same identity is a repetition, another one has taken the number. */
function againstNamesake(frame: StoredFrame, namesake: StoredFrame): Verdict {
  if (keyOf(frame) !== keyOf(namesake)) return "taken";
  return sameValues(frame, namesake) ? "repeated" : "conflict";
}

/** Whether two frames of one key say the same of every point. */
export function sameValues(a: StoredFrame, b: StoredFrame): boolean {
  return (
    a.values.length === b.values.length &&
    a.values.every((value, i) => {
      const other = b.values[i] ?? null;
      return exactValue(value) === exactValue(other) && a.quality?.[i] === b.quality?.[i];
    })
  );
}

/** The one order in which every writer locks keys (D-7). */
export function byKeyOrder({ frame: a }: Entry, { frame: b }: Entry): number {
  return compare(a.device, b.device) || compare(a.layout, b.layout) || a.at - b.at;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
