import type { Pool } from "pg";
import { readOrganisation } from "../../database.ts";
import { compare, newest, pointValue } from "../frame-reading.ts";
import type { Bucket, Covered, FrameStore, PointRange, PointValue } from "../frame-store.ts";
import { mapAtOnce } from "../map-at-once.ts";
import { joinSpans, spansOf } from "../spans.ts";
import { bucketAt, coveredBy, type Steps } from "../steps.ts";
import { tally } from "../tally.ts";
import { lastRow } from "./last-row.ts";
import type { Asked, SeriesEngine, SeriesRow } from "./series-engine.ts";
import { type SeriesPlace, seriesPlaces } from "./series-places.ts";

type Reading = Pick<FrameStore, "latest" | "read" | "buckets" | "coverage" | "valueAt">;

/** So many questions are put to the engine at once. */
const atOnce = 4;

/** Reads what the tables and the engine have as if they were one: a value is in one of the two. */
export function seriesReading(pool: Pool, tables: FrameStore, engine: SeriesEngine): Reading {
  const placesOf = (organisation: string, devices: readonly string[]) =>
    readOrganisation(pool, organisation, (client) => seriesPlaces(client, devices));

  /** What to ask of each layout that has any of the points, in the part of the time that counts. */
  const askedIn = async (
    range: PointRange,
    good: boolean,
  ): Promise<readonly (Asked & SeriesPlace)[]> => {
    const { organisation, to } = range;
    return (await placesOf(organisation, range.devices)).flatMap((place) => {
      const from = Math.max(range.from, place.since);
      const points = place.points.filter((point) => range.points.includes(point));
      if (points.length === 0 || from >= to) return [];
      return [{ ...place, organisation, from, to, points, good }];
    });
  };

  return {
    async latest(query) {
      const { organisation, devices, now, lookBackMs } = query;
      const places = await placesOf(organisation, devices);
      const oldest = lookBackMs === undefined ? 0 : now - lookBackMs;
      const beside = await mapAtOnce(places, atOnce, async (place) => {
        const from = Math.max(place.since, oldest);
        const asked = { ...place, organisation, from, to: now + 1, good: false };
        const row = await lastRow(engine, asked);
        return row ? valuesIn(row, place) : [];
      });
      return newest([...(await tables.latest(query)), ...beside.flat()]);
    },

    async valueAt(query) {
      const { organisation, devices, point, at, lookBackMs } = query;
      const range = { organisation, devices, points: [point], from: at - lookBackMs, to: at + 1 };
      const beside = await mapAtOnce(await askedIn(range, true), atOnce, async (asked) => {
        const row = await lastRow(engine, asked);
        return row ? valuesIn(row, asked) : [];
      });
      return newest([...(await tables.valueAt(query)), ...beside.flat()]);
    },

    async *read(range) {
      const asked = await askedIn(range, false);
      const places = Map.groupBy(asked, ({ device }) => device);
      for (const device of [...new Set(range.devices)].sort(compare)) {
        for (const point of [...new Set(range.points)].sort(compare)) {
          const own = (places.get(device) ?? []).filter(({ points }) => points.includes(point));
          yield* inOrderOfTime([
            tables.read({ ...range, devices: [device], points: [point] }),
            ...own.map((one) => cellsOf(engine, { ...one, points: [point] })),
          ]);
        }
      }
    },

    async buckets(range) {
      const into = tally(range);
      const asked = await askedIn({ ...range, ...coveredBy(range) }, true);
      await mapAtOnce(asked, atOnce, async (one) => {
        for await (const { device, point, at, value } of goodValues(engine, one)) {
          into.add(device, point, bucketAt(range, at), {
            ...{ min: value, max: value, sum: value, first: value, last: value, count: 1 },
            ...{ firstAt: at, lastAt: at },
          });
        }
      });
      return joinBuckets(range, await tables.buckets(range), into.buckets());
    },

    async coverage(range) {
      const asked = await askedIn(range, true);
      const beside = await mapAtOnce(asked, atOnce, async (one) => {
        const times = new Map<string, number[]>();
        for await (const { point, at } of goodValues(engine, one)) {
          const own = times.get(point) ?? [];
          times.set(point, own);
          own.push(at);
        }
        return [...times].flatMap(([point, own]) => {
          return spansOf(own, range.maxGapMs).map((span): Covered => {
            return { device: one.device, point, ...span };
          });
        });
      });
      return joinCovered([...(await tables.coverage(range)), ...beside.flat()], range.maxGapMs);
    },
  };
}

async function* cellsOf(engine: SeriesEngine, asked: Asked): AsyncGenerator<PointValue> {
  for await (const page of engine.pages(asked)) {
    for (const row of page) yield* valuesIn(row, asked);
  }
}

function valuesIn(
  { at, values, flags }: SeriesRow,
  { device, points }: Pick<Asked, "device" | "points">,
): readonly PointValue[] {
  return points.map((point, i) => pointValue(device, point, at, values[i] ?? null, flags[i]));
}

type GoodValue = {
  readonly device: string;
  readonly point: string;
  readonly at: number;
  readonly value: number;
};

async function* goodValues(engine: SeriesEngine, asked: Asked): AsyncGenerator<GoodValue> {
  for await (const page of engine.pages(asked)) {
    for (const { at, values } of page) {
      for (const [i, point] of asked.points.entries()) {
        const value = values[i] ?? null;
        if (value !== null) yield { device: asked.device, point, at, value: Number(value) };
      }
    }
  }
}

/** The values of several sources, each in the order of time; of two at one time the first source's first. */
async function* inOrderOfTime(
  sources: readonly AsyncIterable<PointValue>[],
): AsyncGenerator<PointValue> {
  const waiting = await Promise.all(
    sources.map(async (source) => {
      const values = source[Symbol.asyncIterator]();
      return { values, next: await values.next() };
    }),
  );
  try {
    for (;;) {
      let first: (typeof waiting)[number] | undefined;
      for (const one of waiting) {
        if (one.next.done) continue;
        if (!first || one.next.value.at < (first.next.value as PointValue).at) first = one;
      }
      if (!first) return;
      yield first.next.value as PointValue;
      first.next = await first.values.next();
    }
  } finally {
    for (const { values } of waiting) await values.return?.();
  }
}

/** A bucket that only one of them has stays as it is. */
function joinBuckets(
  range: PointRange & Steps,
  a: readonly Bucket[],
  b: readonly Bucket[],
): readonly Bucket[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const groups = Map.groupBy([...a, ...b], ({ device, point, start }) =>
    JSON.stringify([device, point, start]),
  );
  const joined = [...groups.values()].flatMap((own) => {
    if (own.length === 1) return own;
    const into = tally(range);
    for (const { device, point, start, avg, ...rest } of own) {
      into.add(device, point, bucketAt(range, start), { ...rest, sum: avg * rest.count });
    }
    return into.buckets();
  });
  return joined.sort(
    (x, y) => compare(x.device, y.device) || compare(x.point, y.point) || x.start - y.start,
  );
}

function joinCovered(spans: readonly Covered[], maxGapMs: number): readonly Covered[] {
  const series = Map.groupBy(spans, ({ device, point }) => JSON.stringify([device, point]));
  const joined = [...series.values()].flatMap((own) => {
    const { device, point } = own[0] as Covered;
    const plain = own.map(({ from, to, count }) => ({ from, to, count }));
    return joinSpans(plain, maxGapMs).map((span): Covered => ({ device, point, ...span }));
  });
  return joined.sort(
    (a, b) => compare(a.device, b.device) || compare(a.point, b.point) || a.from - b.from,
  );
}
