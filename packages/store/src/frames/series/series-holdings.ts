import type { Flag } from "@sunledger/model";
import type { StoredFrame } from "../frame-store.ts";
import { mapAtOnce } from "../map-at-once.ts";
import type { Holding } from "../settle.ts";
import { type Entry, sameValues } from "../sift.ts";
import type { SeriesEngine, SeriesRow } from "./series-engine.ts";
import { streamNumber } from "./stream-number.ts";

/** So many questions are put to the engine at once. */
const atOnce = 8;

/** Keys further apart are looked for by themselves. */
const longestGapMs = 3_600_000;

/** What the keys of the entries, all of one organisation, hold in the store of time series. */
export async function seriesHoldings(
  engine: SeriesEngine,
  entries: readonly Entry[],
  pointsOf: (layout: string) => readonly string[],
): Promise<ReadonlyMap<Entry, Holding>> {
  const held = new Map<Entry, Holding>();
  const series = Map.groupBy(entries, ({ frame }) => `${frame.device}/${frame.layout}`);
  const runs = [...series.values()].flatMap(runsOf);
  await mapAtOnce(runs, atOnce, async (run) => {
    const rows = await rowsOf(engine, run, pointsOf);
    for (const entry of run) held.set(entry, holdingOf(entry, rows.get(entry.frame.at)));
  });
  return held;
}

/** Entries in stretches of time in which none is long after the one before. */
export function runsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const runs: Entry[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const entry of entries.toSorted((a, b) => a.frame.at - b.frame.at)) {
    if (entry.frame.at - last > longestGapMs) runs.push([]);
    runs.at(-1)?.push(entry);
    last = entry.frame.at;
  }
  return runs;
}

async function rowsOf(
  engine: SeriesEngine,
  run: readonly Entry[],
  pointsOf: (layout: string) => readonly string[],
): Promise<ReadonlyMap<number, SeriesRow>> {
  const [first, last] = [run[0] as Entry, run.at(-1) as Entry];
  const { device, layout, at } = first.frame;
  const rows = new Map<number, SeriesRow>();
  const pages = engine.pages({
    ...{ organisation: first.batch.organisation, device, layout },
    ...{ from: at, to: last.frame.at + 1, points: pointsOf(layout), good: false },
  });
  for await (const page of pages) for (const row of page) rows.set(row.at, row);
  return rows;
}

function holdingOf({ batch, frame }: Entry, row: SeriesRow | undefined): Holding {
  if (!row) return { held: "nothing", same: false };
  const same = sameValues(frame, { ...frame, ...contentOf(row) });
  if (row.stream !== streamNumber(batch)) return { held: "otherStream", same };
  return { held: row.sequence === frame.sequence ? "own" : "sameStream", same };
}

/** What a row of all points says, as a frame has it. */
export function contentOf({ values, flags }: SeriesRow): {
  readonly values: StoredFrame["values"];
  readonly quality: Record<number, Flag>;
} {
  const flagged = flags.flatMap((flag, i): [number, Flag][] => (flag ? [[i, flag]] : []));
  return { values, quality: Object.fromEntries(flagged) };
}
