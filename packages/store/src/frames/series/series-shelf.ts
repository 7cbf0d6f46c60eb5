import type { Layout } from "@sunledger/model";
import { postgresShelf } from "../postgres-shelf.ts";
import type { ShelfOf } from "../postgres-write.ts";
import type { Holding, Recollection, Shelf } from "../settle.ts";
import { type Entry, keyOf, sameValues, streamOf } from "../sift.ts";
import { lastRow } from "./last-row.ts";
import type { SeriesEngine, SeriesFrame } from "./series-engine.ts";
import { type Announced, lockHeads } from "./series-heads.ts";
import { seriesHoldings } from "./series-holdings.ts";
import { incarnationNow, noteUnsure } from "./series-loss.ts";
import { isInSeries } from "./series-places.ts";
import { streamNumber } from "./stream-number.ts";

export type SeriesShelfParts = {
  readonly engine: SeriesEngine;
  /** All layouts of the write, by their hashes. */
  readonly layouts: ReadonlyMap<string, Layout>;
  /** What was announced of the write. */
  readonly announced: Announced;
  /** Takes what PostgreSQL keeps, as a copy for others to see. */
  readonly copy: (frame: SeriesFrame) => void;
};

/** Which of the entries go to the store of time series. */
export function goesToSeries(
  { engine, layouts }: Pick<SeriesShelfParts, "engine" | "layouts">,
  { frame }: Entry,
): boolean {
  const layout = layouts.get(frame.layout);
  return layout !== undefined && isInSeries(layout) && engine.holds(frame);
}

/**
 * The tables of PostgreSQL with a store of time series beside them, which keeps what it can give back as it
 * was. It is written last, before the commit (D-4); counters are copied there, for others to see, once they are kept.
 */
export function seriesShelf(parts: SeriesShelfParts): ShelfOf {
  const { engine, layouts } = parts;
  const pointsOf = (hash: string) => layouts.get(hash)?.points ?? [];
  const inSeries = ({ frame }: Entry) => {
    const layout = layouts.get(frame.layout);
    return layout !== undefined && isInSeries(layout);
  };

  return (client, numbers, streams): Shelf => {
    const tables = postgresShelf(client, numbers, streams);
    /** Once is enough under the same locks: who might add to it waits for them. */
    let found: Promise<void> | undefined;
    const caughtUp = () => {
      found ??= engine.catchUp();
      return found;
    };

    /** What the keys hold in either place; what they hold in the tables goes first. */
    const recallWhere = async (
      entries: readonly Entry[],
      mayBeBeside: (known: Recollection) => boolean,
    ): Promise<readonly Recollection[]> => {
      if (entries.length === 0) return [];
      const inTables = await tables.recall(entries);
      const others = entries.filter((entry, i) => {
        const known = inTables[i] as Recollection;
        return known.held === "nothing" && inSeries(entry) && mayBeBeside(known);
      });
      if (others.length > 0) await caughtUp();
      const beside = await seriesHoldings(engine, others, pointsOf);
      return entries.map((entry, i) => {
        return { ...(inTables[i] as Recollection), ...beside.get(entry) };
      });
    };

    /** Tells the engine what is new, and remembers for how much of ours its memory alone may vouch. */
    const tell = async (fresh: readonly Entry[], ours: readonly Entry[]): Promise<void> => {
      const incarnation = engine.memory ? await incarnationNow(client) : "";
      if (fresh.length > 0) await engine.write(fresh.map(seriesFrame), pointsOf);
      if (!engine.memory || ours.length === 0) return;
      const at = engine.memory.serverTime();
      await noteUnsure(client, { at, incarnation }, ours, streams);
    };

    const putInSeries = async (entries: readonly Entry[]): Promise<readonly Holding[]> => {
      if (entries.length === 0) return [];
      const frames = entries.map(({ frame }) => frame);
      const { organisation } = (entries[0] as Entry).batch;
      found = undefined;
      const heads = await lockHeads(
        {
          ...{ client, numbers, announced: parts.announced },
          organisation,
          newestInSeries: async ({ last: near, ...pair }) => {
            await caughtUp();
            const all = { organisation, from: 0, to: Number.MAX_SAFE_INTEGER };
            return (await lastRow(engine, { ...all, ...pair, points: [], good: false }, near))?.at;
          },
        },
        frames,
      );
      const doubtful = entries.filter(({ frame }) => heads.mayBeHeld(frame));
      const held = new Map<Entry, Holding>();
      (await recallWhere(doubtful, () => true)).forEach(({ held: what, same }, i) => {
        if (what !== "nothing") held.set(doubtful[i] as Entry, { held: what, same });
      });
      const free = freeAmong(entries, held);
      const odd = free.filter(({ frame }) => !engine.holds(frame));
      if (odd.length > 0) await tables.put(odd);
      await heads.raise(frames);
      const rest = free.filter(({ frame }) => engine.holds(frame));
      const ours = entries.filter((entry) => (held.get(entry) ?? own).held === "own");
      await tell(rest, ours);
      return entries.map((entry) => held.get(entry) ?? own);
    };

    const putInTables = async (entries: readonly Entry[]): Promise<readonly Holding[]> => {
      if (entries.length === 0) return [];
      const holdings = await tables.put(entries);
      for (const [i, entry] of entries.entries()) {
        if (holdings[i]?.held === "own" && engine.holds(entry.frame))
          parts.copy(seriesFrame(entry));
      }
      return holdings;
    };

    return {
      ...tables,

      recall: (entries) => recallWhere(entries, ({ aside }) => aside !== "kept"),

      async put(entries) {
        const [theirs, ours] = [entries.filter(inSeries), entries.filter((e) => !inSeries(e))];
        const holdings = new Map<Entry, Holding>();
        (await putInTables(ours)).forEach((holding, i) => {
          holdings.set(ours[i] as Entry, holding);
        });
        (await putInSeries(theirs)).forEach((holding, i) => {
          holdings.set(theirs[i] as Entry, holding);
        });
        return entries.map((entry) => holdings.get(entry) as Holding);
      },
    };
  };
}

const own: Holding = { held: "own", same: true };

/** The entries whose keys hold nothing yet; the second of one key is held by the first. */
function freeAmong(entries: readonly Entry[], held: Map<Entry, Holding>): readonly Entry[] {
  const byKey = new Map<string, Entry>();
  return entries.filter((entry) => {
    if (held.has(entry)) return false;
    const first = byKey.get(keyOf(entry.frame));
    if (!first) byKey.set(keyOf(entry.frame), entry);
    else held.set(entry, againstFirst(entry, first));
    return first === undefined;
  });
}

function againstFirst({ batch, frame }: Entry, first: Entry): Holding {
  const held = streamOf(first.batch) === streamOf(batch) ? "sameStream" : "otherStream";
  return { held, same: sameValues(frame, first.frame) };
}

function seriesFrame({ batch, frame }: Entry): SeriesFrame {
  return { ...frame, organisation: batch.organisation, stream: streamNumber(batch) };
}
