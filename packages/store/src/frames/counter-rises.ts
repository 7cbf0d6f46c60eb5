import type { Value } from "@sunledger/model";
import type { FrameStore } from "./frame-store.ts";
import { exactDifference } from "./values.ts";

/** What a counter rose by between two instants. */
export type CounterRise = {
  readonly device: string;
  /** The instants that were asked for, Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Exact, in the counter's unit; negative where the counter was exchanged or set back. */
  readonly rise: Value;
  /** When the counter showed what it is reckoned from, Unix milliseconds. */
  readonly fromAt: number;
  readonly toAt: number;
};

/**
 * The rises of a counter between each two neighbours of ascending instants, ordered by device and time:
 * the difference of what it showed last at each. Absent where it showed nothing good for `lookBackMs`.
 */
export async function counterRises(
  store: Pick<FrameStore, "valueAt">,
  query: {
    readonly organisation: string;
    readonly devices: readonly string[];
    readonly point: string;
    readonly instants: readonly number[];
    readonly lookBackMs: number;
  },
): Promise<readonly CounterRise[]> {
  const { instants, ...asked } = query;
  const rises: CounterRise[] = [];
  let before = new Map<string, { readonly at: number; readonly value: Value }>();
  for (const [i, to] of instants.entries()) {
    const shown = await store.valueAt({ ...asked, at: to });
    const now = new Map(shown.map((value) => [value.device, value]));
    for (const { device, at, value } of shown) {
      const start = before.get(device);
      if (!start) continue;
      const rise = exactDifference(value, start.value);
      rises.push({
        ...{ device, rise, to, from: instants[i - 1] as number },
        ...{ fromAt: start.at, toAt: at },
      });
    }
    before = now;
  }
  return rises.sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : a.to - b.to));
}
