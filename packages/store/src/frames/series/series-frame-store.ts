import { randomUUID } from "node:crypto";
import { type Database, readOrganisation, withinOrganisation } from "../../database.ts";
import { dayStart } from "../days.ts";
import type { BatchOutcome, FrameBatch, FrameStore, StoredFrame } from "../frame-store.ts";
import { mapAtOnce } from "../map-at-once.ts";
import { postgresFrameStore } from "../postgres-frame-store.ts";
import { postgresLayouts } from "../postgres-layouts.ts";
import { readConflicts } from "../postgres-refusals.ts";
import { postgresWrite } from "../postgres-write.ts";
import { seriesCopies } from "./series-copies.ts";
import type { SeriesEngine, SeriesFrame } from "./series-engine.ts";
import { announceWriting } from "./series-heads.ts";
import { contentOf } from "./series-holdings.ts";
import { incarnationOf, lossOf } from "./series-loss.ts";
import { hideBefore, type SeriesPlace, seriesPlaces } from "./series-places.ts";
import { seriesReading } from "./series-reading.ts";
import { goesToSeries, seriesShelf } from "./series-shelf.ts";

/** So many questions are put to the engine at once. */
const atOnce = 4;

/**
 * Keeps values in a store of time series, and in PostgreSQL what that cannot: what is settled, what was kept
 * aside, counters, and frames that it could not give back as they were (D-4, D-5). Readers see one store.
 */
export function seriesFrameStore(
  database: Database,
  engine: SeriesEngine,
  onTrouble: (error: unknown) => void = () => {},
): FrameStore & { close(): Promise<void> } {
  const { pool } = database;
  const tables = postgresFrameStore(database);
  const layouts = postgresLayouts(pool);
  const write = postgresWrite(pool, layouts);
  const dropLost = lossOf(pool);
  const copies = seriesCopies(engine, onTrouble);
  const writer = randomUUID();

  const writeBatches = async (batches: readonly FrameBatch[]): Promise<readonly BatchOutcome[]> => {
    const hashes = new Set(batches.flatMap(({ frames }) => frames.map(({ layout }) => layout)));
    const known = await layouts.all(hashes);
    const entries = batches
      .flatMap((batch) => batch.frames.map((frame) => ({ batch, frame })))
      .filter((entry) => goesToSeries({ engine, layouts: known }, entry));
    if (engine.memory) {
      for (const organisation of new Set(batches.map((batch) => batch.organisation))) {
        await dropLost(organisation);
      }
    }
    const announced = await announceWriting(pool, writer, entries);
    const kept: SeriesFrame[] = [];
    const copy = (frame: SeriesFrame) => void kept.push(frame);
    const outcomes = await write(batches, seriesShelf({ engine, layouts: known, announced, copy }));
    copies.add(kept, (hash) => known.get(hash)?.points ?? []);
    return outcomes;
  };

  const heldInSeries = async (
    organisation: string,
    { device, layout, at }: StoredFrame,
    points: readonly string[],
  ) => {
    const key = { organisation, device, layout, from: at, to: at + 1 };
    const row = await engine.last({ ...key, points, good: false });
    return row && contentOf(row);
  };

  return {
    ...tables,
    ...seriesReading(pool, tables, engine),
    promises: {
      keepsConflicts: true,
      exactCounters: true,
      durableOnReturn: engine.memory === undefined,
    },

    incarnation() {
      return engine.memory ? incarnationOf(pool, engine.memory) : tables.incarnation();
    },

    async settled(organisation, gateway) {
      if (engine.memory) await dropLost(organisation);
      return tables.settled(organisation, gateway);
    },

    async keepLayout(hash, layout) {
      await layouts.keep(hash, layout);
    },

    write: writeBatches,
    close: copies.close,

    conflicts(query) {
      const { organisation } = query;
      return readOrganisation(pool, organisation, (client) =>
        readConflicts(client, layouts, query, (refused, points) =>
          heldInSeries(organisation, refused, points),
        ),
      );
    },

    async forget(query) {
      const { organisation, lane, except = [] } = query;
      const before = dayStart(query.before);
      if (lane !== "values") return tables.forget(query);
      const places = await readOrganisation(pool, organisation, (client) => seriesPlaces(client));
      const old = places.filter(({ device, since }) => since < before && !except.includes(device));
      const scanOf = ({ since, ...place }: SeriesPlace) => {
        return { ...place, organisation, from: since, to: before };
      };
      const counts = await mapAtOnce(old, atOnce, (place) => engine.count(scanOf(place)));
      // From here on nobody is shown them, however long the engine takes or whatever it keeps.
      await withinOrganisation(pool, organisation, (client) => hideBefore(client, old, before));
      const inTables = await tables.forget(query);
      await mapAtOnce(old, atOnce, (place) => engine.remove({ ...scanOf(place), from: 0 }));
      return counts.reduce((sum, count) => sum + count, inTables);
    },
  };
}
