import {
  includes,
  type Lane,
  type Range,
  type Ranges,
  rangesOf,
  type SpanAccount,
  topics,
} from "@sunledger/model";
import { accountOf } from "./account.ts";
import type { FrameBatch, KeptAside, Quarantined, StoredFrame } from "./frame-store.ts";
import {
  conflictsBetween,
  excerptLength,
  type KeptGap,
  type PointConflict,
  type QuarantinedRow,
  type QuarantineGroup,
  type QuarantineQuery,
  type RefusalQuery,
} from "./refusals.ts";
import { type Holding, type Shelf, takenCode } from "./settle.ts";
import { type Aside, type Entry, keyOf, sameValues, streamOf } from "./sift.ts";

/** One organisation's frames and what was kept aside, in memory. */
export type MemoryShelf = Shelf & {
  readonly frames: Iterable<StoredFrame>;
  /** Of a stream, of which that is settled. */
  account(stream: FrameBatch, span: Range, settled: Ranges): SpanAccount;
  aside(gateway: string): KeptAside;
  /** Deletes the lane's frames from before that instant, but of some devices; answers how many. */
  forget(lane: Lane, before: number, except: ReadonlySet<string>): number;
  quarantinedRows(query: QuarantineQuery): readonly QuarantinedRow[];
  quarantined(query: RefusalQuery): readonly QuarantineGroup[];
  gaps(query: RefusalQuery): readonly KeptGap[];
  /** By the points of each layout. */
  conflicts(
    query: RefusalQuery,
    pointsOf: (layout: string) => readonly string[],
  ): readonly (readonly PointConflict[])[];
};

type Row = Quarantined & {
  readonly batch: FrameBatch;
  readonly count: number;
  readonly isReplayed?: true;
};

export function memoryShelf(): MemoryShelf {
  const stored = new Map<string, Entry>();
  const asides = new Map<string, Aside>();
  const quarantined = new Map<string, Row>();
  const forgotten = new Map<Lane, number>();
  const gaps = new Map<string, { batch: FrameBatch; gap: FrameBatch["gaps"][number] }>();
  const waiting = () => [...quarantined].filter(([, { isReplayed }]) => !isReplayed);

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
      frame.at < (forgotten.get(batch.lane) ?? 0) ||
      asides.has(`${stream}/${frame.sequence}/${keyOf(frame)}`) ||
      [...quarantined.values()].some(
        (row) =>
          row.sequence === frame.sequence &&
          row.code !== takenCode &&
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

    async takeOut(batch, ids) {
      const out = new Set<number>();
      for (const id of ids) {
        const row = quarantined.get(id);
        if (!row || row.isReplayed || streamOf(row.batch) !== streamOf(batch)) continue;
        quarantined.set(id, { ...row, isReplayed: true });
        if (row.sequence !== undefined) out.add(row.sequence);
      }
      return out;
    },

    async quarantine(rows) {
      for (const row of rows) {
        const name = JSON.stringify([streamOf(row.batch), row.sequence, row.payload]);
        const before = quarantined.get(name);
        if (!before) quarantined.set(name, { ...row, count: 1 });
        // A row without a number that comes again is counted and waits again; a numbered one is the same row.
        else if (row.sequence === undefined) {
          const { isReplayed: _, ...waiting } = before;
          quarantined.set(name, { ...waiting, count: before.count + 1 });
        }
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

    quarantinedRows({ gateway, code, after, most }) {
      const byNumber = (a: string, b: string) => {
        const [one, other] = [quarantined.get(a)?.sequence ?? 0, quarantined.get(b)?.sequence ?? 0];
        return one - other || order(a, b);
      };
      const rows = waiting()
        .filter(([, row]) => row.batch.gateway === gateway && (code ?? row.code) === row.code)
        .filter(([id]) => after === undefined || byNumber(id, after) > 0)
        .sort(([a], [b]) => byNumber(a, b));
      return rows.slice(0, most).map(([id, { batch, count: _, ...row }]) => {
        const { epoch, lane } = batch;
        return { id, epoch, lane, topic: topics.frames(batch.gateway), ...row };
      });
    },

    quarantined({ gateways, most, skip }) {
      const rows = waiting()
        .map(([, row]) => row)
        .filter(({ batch }) => gateways.includes(batch.gateway));
      const groups = Map.groupBy(rows, ({ batch: { gateway, lane }, code, reason }) =>
        JSON.stringify([gateway, lane, code, reason]),
      );
      return [...groups.values()]
        .map(groupOf)
        .sort((a, b) => b.lastAt - a.lastAt)
        .slice(skip, skip + most);
    },

    conflicts({ gateways, most, skip }, pointsOf) {
      return [...asides.values()]
        .filter(({ batch, differs }) => differs && gateways.includes(batch.gateway))
        .sort((a, b) => b.batch.arrival - a.batch.arrival || b.frame.sequence - a.frame.sequence)
        .slice(skip, skip + most)
        .map(({ batch: { arrival }, frame }) => {
          const points = pointsOf(frame.layout);
          return conflictsBetween(frame, stored.get(keyOf(frame))?.frame, { points, arrival });
        });
    },

    gaps({ gateways, most, skip }) {
      return [...gaps.values()]
        .filter(({ batch }) => gateways.includes(batch.gateway))
        .sort((a, b) => b.gap.toAt - a.gap.toAt || b.gap.from - a.gap.from)
        .slice(skip, skip + most)
        .map(({ batch: { gateway, lane, arrival }, gap }) => ({ gateway, lane, arrival, ...gap }));
    },

    forget(lane, before, except) {
      forgotten.set(lane, Math.max(before, forgotten.get(lane) ?? 0));
      const old = [...stored].filter(([, { batch, frame }]) => {
        return batch.lane === lane && frame.at < before && !except.has(frame.device);
      });
      for (const [key] of old) stored.delete(key);
      return old.length;
    },

    account(stream, span, settled) {
      const name = streamOf(stream);
      const own = ({ batch }: { readonly batch: FrameBatch }) => streamOf(batch) === name;
      const given = rangesOf(
        [...gaps.values()].filter(own).map(({ gap }): Range => [gap.from, gap.to]),
      );
      const numbers = waiting()
        .filter(([, row]) => own(row) && row.code !== takenCode)
        .flatMap(([, { sequence }]) => sequence ?? [])
        .filter((number) => includes([span], number) && !includes(given, number));
      return accountOf(span, { settled, gaps: given, quarantined: new Set(numbers).size });
    },

    aside(gateway) {
      const own = ({ batch }: { readonly batch: FrameBatch }) => batch.gateway === gateway;
      const of = ({ epoch, lane }: FrameBatch) => ({ epoch, lane });
      return {
        quarantined: waiting()
          .map(([, row]) => row)
          .filter(own)
          .map(({ batch, count: _, ...row }) => ({ ...of(batch), ...row })),
        conflicts: [...asides.values()]
          .filter((entry) => own(entry) && entry.differs)
          .map(({ batch, frame }) => ({ ...of(batch), frame })),
        gaps: [...gaps.values()].filter(own).map(({ batch, gap }) => ({ ...of(batch), ...gap })),
      };
    },
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function groupOf(rows: readonly Row[]): QuarantineGroup {
  const ordered = [...rows].sort((a, b) => a.batch.arrival - b.batch.arrival);
  const first = ordered[0] as Row;
  const newest = ordered.at(-1) as Row;
  return {
    gateway: newest.batch.gateway,
    topic: topics.frames(newest.batch.gateway),
    lane: newest.batch.lane,
    code: newest.code,
    reason: newest.reason,
    count: rows.reduce((sum, { count }) => sum + count, 0),
    firstAt: first.batch.arrival,
    lastAt: newest.batch.arrival,
    excerpt: (JSON.stringify(newest.payload) ?? "null").slice(0, excerptLength),
  };
}
