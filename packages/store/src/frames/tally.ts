import { compare } from "./frame-reading.ts";
import type { Bucket, PointRange } from "./frame-store.ts";
import { isGoodRow, type PackedPoint, rowFrom } from "./postgres-packed-columns.ts";
import { bucketAt, bucketStart, type Steps } from "./steps.ts";

/** What is summed up of a bucket; the mean follows from it. */
export type Sum = Omit<Bucket, "device" | "point" | "start" | "avg"> & { readonly sum: number };

/** Buckets that are filled bit by bit, each named by its device, its point and its number. */
export type Tally = {
  add(device: string, point: string, bucket: number, sum: Sum): void;
  /** Ordered by device, point and time. */
  buckets(): readonly Bucket[];
};

export function tally(range: PointRange & Steps): Tally {
  const sums = new Map<string, Map<number, Sum>>();
  return {
    add(device, point, bucket, sum) {
      const name = JSON.stringify([device, point]);
      const own = sums.get(name) ?? new Map<number, Sum>();
      sums.set(name, own);
      const before = own.get(bucket);
      own.set(bucket, before ? joined(before, sum) : sum);
    },

    buckets() {
      const all = [...sums].flatMap(([name, own]) => {
        const [device, point] = JSON.parse(name) as [string, string];
        return [...own].map(([bucket, { sum, ...rest }]): Bucket => {
          const start = bucketStart(range, bucket);
          return { device, point, start, ...rest, avg: sum / rest.count };
        });
      });
      return all.sort(
        (a, b) => compare(a.device, b.device) || compare(a.point, b.point) || a.start - b.start,
      );
    },
  };
}

/** Of two values at the first instant the lesser is the first, of two at the last the greater the last. */
function joined(a: Sum, b: Sum): Sum {
  const [early, late] = [comesFirst(a, b) ? a : b, comesLast(a, b) ? a : b];
  return {
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    count: a.count + b.count,
    ...{ first: early.first, firstAt: early.firstAt },
    ...{ last: late.last, lastAt: late.lastAt },
  };
}

function comesFirst(a: Sum, b: Sum): boolean {
  return a.firstAt < b.firstAt || (a.firstAt === b.firstAt && a.first <= b.first);
}

function comesLast(a: Sum, b: Sum): boolean {
  return a.lastAt > b.lastAt || (a.lastAt === b.lastAt && a.last >= b.last);
}

/** Adds the good values that a packed point has in a part of what the buckets cover. */
export function addPacked(
  into: Tally,
  { place, times, column }: PackedPoint,
  range: PointRange & Steps,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  let [bucket, sum]: [number, Sum | undefined] = [Number.NaN, undefined];
  const close = () => {
    if (sum) into.add(place.id, place.point, bucket, sum);
    sum = undefined;
  };
  for (let row = rowFrom(times, from); row < times.length; row += 1) {
    const at = times[row] as number;
    if (at >= to) break;
    if (!isGoodRow(column, row)) continue;
    const number = column.numbers[row] as number;
    const value = Number.isNaN(number) ? Number(column.texts.get(row)) : number;
    const own = bucketAt(range, at);
    if (own !== bucket) close();
    bucket = own;
    sum = sum ? grown(sum, value, at) : sumOf(value, at);
  }
  close();
}

function sumOf(value: number, at: number): Sum {
  const numbers = { min: value, max: value, sum: value, first: value, last: value, count: 1 };
  return { ...numbers, firstAt: at, lastAt: at };
}

/** Times ascend within a column. */
function grown(sum: Sum, value: number, at: number): Sum {
  return {
    min: Math.min(sum.min, value),
    max: Math.max(sum.max, value),
    sum: sum.sum + value,
    ...{ first: sum.first, firstAt: sum.firstAt, last: value, lastAt: at },
    count: sum.count + 1,
  };
}
