import type { FrameBatch, KeptAside, Quarantined, StoredFrame } from "./frame-store.ts";
import { type Holding, type Shelf, takenReason } from "./settle.ts";
import { type Aside, type Entry, keyOf, sameValues, streamOf } from "./sift.ts";

/** One organisation's frames and what was kept aside, in memory. */
export type MemoryShelf = Shelf & {
  readonly frames: Iterable<StoredFrame>;
  aside(gateway: string): KeptAside;
};

type Row = Quarantined & { readonly batch: FrameBatch };

export function memoryShelf(): MemoryShelf {
  const stored = new Map<string, Entry>();
  const asides = new Map<string, Aside>();
  const quarantined = new Map<string, Row>();
  const gaps = new Map<string, { batch: FrameBatch; gap: FrameBatch["gaps"][number] }>();

  const holding = ({ batch, frame }: Entry): Holding => {
    const holder = stored.get(keyOf(frame));
    if (!holder) return { held: "nothing", same: false };
    const same = sameValues(frame, holder.frame);
    if (streamOf(holder.batch) !== streamOf(batch)) return { held: "otherStream", same };
    return { held: holder.frame.sequence === frame.sequence ? "own" : "sameStream", same };
  };

  const keptAside = ({ batch, frame }: Entry): "kept" | "gap" | undefined => {
    const stream = streamOf(batch);
    const isKept =
      asides.has(`${stream}/${frame.sequence}/${keyOf(frame)}`) ||
      [...quarantined.values()].some(
        (row) =>
          row.sequence === frame.sequence &&
          row.reason !== takenReason &&
          streamOf(row.batch) === stream,
      );
    if (isKept) return "kept";
    const given = [...gaps.values()].some(
      ({ batch: giver, gap }) =>
        streamOf(giver) === stream && gap.from <= frame.sequence && gap.to >= frame.sequence,
    );
    return given ? "gap" : undefined;
  };

  return {
    frames: {
      *[Symbol.iterator]() {
        for (const { frame } of stored.values()) yield frame;
      },
    },

    async put(entries) {
      for (const entry of entries) {
        const key = keyOf(entry.frame);
        if (!stored.has(key)) stored.set(key, entry);
      }
      return entries.map(holding);
    },

    async recall(entries) {
      return entries.map((entry) => ({ ...holding(entry), aside: keptAside(entry) }));
    },

    async keepAside(entries) {
      for (const entry of entries) {
        const name = `${streamOf(entry.batch)}/${entry.frame.sequence}/${keyOf(entry.frame)}`;
        if (!asides.has(name)) asides.set(name, entry);
      }
    },

    async quarantine(rows) {
      for (const row of rows) {
        const name = JSON.stringify([streamOf(row.batch), row.sequence, row.payload]);
        if (!quarantined.has(name)) quarantined.set(name, row);
      }
    },

    async keepGaps(batches) {
      for (const batch of batches) {
        for (const gap of batch.gaps) {
          const name = `${streamOf(batch)}/${gap.from}/${gap.to}`;
          if (!gaps.has(name)) gaps.set(name, { batch, gap });
        }
      }
    },

    aside(gateway) {
      const own = ({ batch }: { readonly batch: FrameBatch }) => batch.gateway === gateway;
      const of = ({ epoch, lane }: FrameBatch) => ({ epoch, lane });
      return {
        quarantined: [...quarantined.values()].filter(own).map(({ batch, ...row }) => ({
          ...of(batch),
          ...row,
        })),
        conflicts: [...asides.values()]
          .filter((entry) => own(entry) && entry.differs)
          .map(({ batch, frame }) => ({ ...of(batch), frame })),
        gaps: [...gaps.values()].filter(own).map(({ batch, gap }) => ({ ...of(batch), ...gap })),
      };
    },
  };
}
