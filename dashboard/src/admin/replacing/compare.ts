import type { DeviceDetail, DeviceReading, LatestValue, Value } from "@sunledger/model";

/** A counter of the device that goes, beside the one that comes. */
export type CounterPair = {
  readonly point: string;
  readonly unit: string;
  /** Its last good value; `undefined` where none is known. */
  readonly before: Value | undefined;
  /** What the new device showed when it was read; `undefined` where it has no such counter. */
  readonly after: Value | undefined;
};

/** Every counter of the old device of which either of the two shows a value. */
export function countersOf(
  points: DeviceDetail["points"],
  latest: readonly LatestValue[],
  reading: DeviceReading,
): CounterPair[] {
  const last = new Map(latest.filter(({ flag }) => !flag).map((one) => [one.point, one.value]));
  const read = new Map(reading.points.filter(({ flag }) => !flag).map((one) => [one.point, one]));
  return points
    .filter(({ kind }) => kind === "counter")
    .map(({ name, unit }) => ({
      ...{ point: name, unit },
      ...{ before: last.get(name) ?? undefined, after: read.get(name)?.value ?? undefined },
    }))
    .filter(({ before, after }) => before !== undefined || after !== undefined);
}

export type Who = { readonly before: string; readonly after: string };

/**
 * What serial numbers tell: that it is another device, that it is the same one, or, where one of the two
 * does not say its own, nothing; then nobody notices the exchange but who writes it down.
 */
export function told({ before, after }: Who): "other" | "same" | "nothing" {
  if (before === "" || after === "") return "nothing";
  return before === after ? "same" : "other";
}
