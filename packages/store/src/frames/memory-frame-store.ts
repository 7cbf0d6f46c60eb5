import { randomUUID } from "node:crypto";
import { type Layout, noRanges, type Ranges } from "@sunledger/model";
import { dayStart } from "./days.ts";
import { bucketsOf, compare, coverageOf, latestOf, valueAtOf, valuesOf } from "./frame-reading.ts";
import type { BatchOutcome, FrameBatch, FrameStore, KeptAside } from "./frame-store.ts";
import { type MemoryShelf, memoryShelf } from "./memory-shelf.ts";
import { settle } from "./settle.ts";
import { streamOf } from "./sift.ts";

/** Keeps frames for the life of the process: for tests. */
export function memoryFrameStore(): FrameStore {
  const incarnation = randomUUID();
  const layouts = new Map<string, Layout>();
  const settled = new Map<string, { readonly stream: FrameBatch; readonly ranges: Ranges }>();
  const shelves = new Map<string, MemoryShelf>();
  let writing: Promise<unknown> = Promise.resolve();

  const shelfOf = (organisation: string): MemoryShelf => {
    const shelf = shelves.get(organisation) ?? memoryShelf();
    shelves.set(organisation, shelf);
    return shelf;
  };
  const kept = (organisation: string) => ({ frames: shelfOf(organisation).frames, layouts });

  const writeNow = async (batches: readonly FrameBatch[]): Promise<readonly BatchOutcome[]> => {
    refuseUnknownLayouts(batches, layouts);
    const outcomes = new Map<FrameBatch, BatchOutcome>();
    for (const [organisation, own] of Map.groupBy(batches, (batch) => batch.organisation)) {
      const before = (batch: FrameBatch) => settled.get(streamOf(batch))?.ranges ?? noRanges;
      const settlement = await settle(shelfOf(organisation), own, before);
      for (const stream of own) {
        const ranges = settlement.settled.get(streamOf(stream)) ?? noRanges;
        settled.set(streamOf(stream), { stream, ranges });
      }
      own.forEach((batch, i) => {
        outcomes.set(batch, settlement.outcomes[i] as BatchOutcome);
      });
    }
    return batches.map((batch) => outcomes.get(batch) as BatchOutcome);
  };

  return {
    promises: { keepsConflicts: true, exactCounters: true, durableOnReturn: false },

    async incarnation() {
      return incarnation;
    },

    async keepLayout(hash, layout) {
      if (!layouts.has(hash)) layouts.set(hash, layout);
    },

    async layout(hash) {
      return layouts.get(hash);
    },

    write(batches) {
      const written = writing.then(() => writeNow(batches));
      writing = written.catch(() => {});
      return written;
    },

    async settled(organisation, gateway) {
      return [...settled.values()]
        .filter(({ stream: s }) => s.organisation === organisation && s.gateway === gateway)
        .map(({ stream: { epoch, lane }, ranges }) => ({ epoch, lane, settled: ranges }));
    },

    async account({ spans, ...of }) {
      const stream = { ...of, arrival: 0, frames: [], quarantined: [], gaps: [] };
      const ranges = settled.get(streamOf(stream))?.ranges ?? noRanges;
      return spans.map((span) => shelfOf(of.organisation).account(stream, span, ranges));
    },

    async aside(organisation, gateway): Promise<KeptAside> {
      return shelfOf(organisation).aside(gateway);
    },

    async quarantinedRows(query) {
      return shelfOf(query.organisation).quarantinedRows(query);
    },

    async quarantined(query) {
      return shelfOf(query.organisation).quarantined(query);
    },

    async gaps(query) {
      return shelfOf(query.organisation).gaps(query);
    },

    async conflicts(query) {
      return shelfOf(query.organisation).conflicts(
        query,
        (hash) => layouts.get(hash)?.points ?? [],
      );
    },

    async latest(query) {
      return latestOf(kept(query.organisation), query);
    },

    async pointsOf(organisation, device) {
      const own = [...shelfOf(organisation).frames].filter((frame) => frame.device === device);
      const names = own.flatMap(({ layout }) => layouts.get(layout)?.points ?? []);
      return [...new Set(names)].sort(compare);
    },

    async *read(range) {
      yield* valuesOf(kept(range.organisation), range);
    },

    async buckets(range) {
      return bucketsOf(kept(range.organisation), range);
    },

    async coverage(range) {
      return coverageOf(kept(range.organisation), range);
    },

    async forget({ organisation, lane, before, except = [] }) {
      return shelfOf(organisation).forget(lane, dayStart(before), new Set(except));
    },

    async valueAt(query) {
      return valueAtOf(kept(query.organisation), query);
    },
  };
}

function refuseUnknownLayouts(
  batches: readonly FrameBatch[],
  layouts: ReadonlyMap<string, Layout>,
): void {
  for (const { frames } of batches) {
    const unknown = frames.find(({ layout }) => !layouts.has(layout));
    if (unknown) throw new Error(`layout ${unknown.layout} was never kept`);
  }
}
