import type { LocalDay } from "@sunledger/model/performance";
import type { Records } from "@sunledger/store";
import { breakKinds, type CounterBreak } from "../devices/counter-breaks.ts";
import type { Counters } from "./read-day-bases.ts";

/** A day with more of them is no day that anything could be counted of. */
const mostBreaks = 1_000;

export type BreaksQuery = {
  readonly records: Pick<Records, "events">;
  readonly organisation: string;
  readonly day: LocalDay;
  readonly counters: readonly Counters[];
};

/** Where the counters of a day went on from another value, by device id. */
export async function readBreaks(
  query: BreaksQuery,
): Promise<ReadonlyMap<string, readonly CounterBreak[]>> {
  const { records, organisation, day, counters } = query;
  const pointOf = new Map(
    counters.flatMap(({ point, devices }) => devices.map(({ id }) => [id, point] as const)),
  );
  if (pointOf.size === 0) return new Map();
  const events = await records.events({
    ...{ organisation, devices: [...pointOf.keys()], kinds: breakKinds, most: mostBreaks },
    ...{ from: day.start, to: day.end },
  });
  const ofCounters = events.filter(({ device, point }) => pointOf.get(device) === point);
  return Map.groupBy(ofCounters, ({ device }) => device);
}
