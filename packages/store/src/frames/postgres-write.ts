import type { Pool, PoolClient } from "pg";
import { inTransaction, withinOrganisation } from "../database.ts";
import type { BatchOutcome, FrameBatch } from "./frame-store.ts";
import type { Layouts } from "./postgres-layouts.ts";
import { findNumbers, giveNumbers, type Numbers, pairsOf } from "./postgres-numbers.ts";
import { openDays } from "./postgres-open-days.ts";
import { enterToWrite } from "./postgres-packing-lock.ts";
import { partitions } from "./postgres-partitions.ts";
import { postgresShelf } from "./postgres-shelf.ts";
import { keepSettled, lockStreams, makeStreams, type Stream } from "./postgres-streams.ts";
import { type Shelf, settle } from "./settle.ts";
import { streamOf } from "./sift.ts";

/** Thrown inside a transaction to undo it: something must be made first, by itself. */
class Unprepared extends Error {
  override readonly name = "Unprepared";
}

const mostRetries = 3;

/** Where the frames of one organisation go, within a transaction that has entered it and locked the streams. */
export type ShelfOf = (
  client: PoolClient,
  numbers: Numbers,
  streams: ReadonlyMap<string, Stream>,
) => Shelf;

/** Writes batches, by default into the tables alone. */
export type WriteBatches = (
  batches: readonly FrameBatch[],
  shelfOf?: ShelfOf,
) => Promise<readonly BatchOutcome[]>;

/**
 * Writes batches of any organisations in one transaction. Rows that others wait for are made
 * beforehand in transactions of their own; inside, every lock is taken in one order: organisation by
 * organisation, first the streams, then the keys of the frames (D-7).
 */
export function postgresWrite(pool: Pool, layouts: Layouts): WriteBatches {
  const months = partitions();

  const attempt = (batches: readonly FrameBatch[], shelfOf: ShelfOf) =>
    inTransaction(pool, async (client) => {
      const outcomes = new Map<FrameBatch, BatchOutcome>();
      for (const own of byOrganisation(batches)) {
        const found = await writeOrganisation(client, own, shelfOf);
        own.forEach((batch, i) => {
          outcomes.set(batch, found[i] as BatchOutcome);
        });
      }
      return batches.map((batch) => outcomes.get(batch) as BatchOutcome);
    });

  const write = async (
    batches: readonly FrameBatch[],
    shelfOf: ShelfOf,
    triesLeft: number,
  ): Promise<readonly BatchOutcome[]> => {
    await months.make(pool, batches);
    try {
      return await attempt(batches, shelfOf);
    } catch (error) {
      const mendable = error instanceof Unprepared || months.missed(error);
      if (!mendable || triesLeft === 0) throw error;
    }
    await prepare(pool, layouts, batches);
    return write(batches, shelfOf, triesLeft - 1);
  };

  return async (batches, shelfOf = postgresShelf) =>
    batches.length === 0 ? [] : write(batches, shelfOf, mostRetries);
}

/** The batches of each organisation, in one order for all writers. */
function byOrganisation(batches: readonly FrameBatch[]): readonly (readonly FrameBatch[])[] {
  const groups = Map.groupBy(batches, ({ organisation }) => organisation);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own);
}

async function writeOrganisation(
  client: PoolClient,
  batches: readonly FrameBatch[],
  shelfOf: ShelfOf,
): Promise<readonly BatchOutcome[]> {
  const organisation = (batches[0] as FrameBatch).organisation;
  await enterToWrite(client, organisation);
  const streams = await lockStreams(client, batches);
  if (!streams) throw new Unprepared();
  const numbers = await findNumbers(client, organisation, pairsOf(batches));
  if (!numbers) throw new Unprepared();
  await openDays(client, batches, numbers);

  const streamNamed = (batch: FrameBatch) => streams.get(streamOf(batch)) as Stream;
  const shelf = shelfOf(client, numbers, streams);
  const { outcomes, settled } = await settle(shelf, batches, (batch) => streamNamed(batch).settled);
  await keepSettled(client, streams, settled);
  return outcomes;
}

async function prepare(
  pool: Pool,
  layouts: Layouts,
  batches: readonly FrameBatch[],
): Promise<void> {
  for (const own of byOrganisation(batches)) {
    const organisation = (own[0] as FrameBatch).organisation;
    const pairs = pairsOf(own);
    await withinOrganisation(pool, organisation, async (client) => {
      await layouts.ensure(
        client,
        pairs.map(({ layout }) => layout),
      );
      await giveNumbers(client, organisation, pairs);
      await makeStreams(client, own);
    });
  }
}
