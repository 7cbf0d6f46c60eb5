import type { LatestValue, LiveMessage } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { KeptFrames } from "./kept-frames.ts";

/** The newest value of each point of a device, by point name. */
export type DeviceValues = ReadonlyMap<string, LatestValue>;

export type ChangedValues = { readonly device: string; readonly values: readonly LatestValue[] };

/** The newest values of all devices that somebody has asked for or that have spoken. */
export interface LatestValues {
  /** The values of the devices, from the store at their first use and from what is heard since. */
  of(organisation: string, devices: readonly string[]): Promise<ReadonlyMap<string, DeviceValues>>;
  /** What is known now, without asking the store. */
  known(device: string): DeviceValues;
  /** Takes over accepted frames; older values than the known ones change nothing. */
  accept(message: LiveMessage): Promise<void>;
  /** Asks the store anew for every device in use: after a time in which nothing could be heard. */
  reload(): Promise<void>;
  /** Hears of newer values from now on. */
  onChange(listener: (changed: ChangedValues) => void): void;
}

const none: DeviceValues = new Map();

export function latestValues({
  frames,
  clock,
}: {
  readonly frames: KeptFrames;
  readonly clock: Clock;
}): LatestValues {
  const devices = new Map<string, Map<string, LatestValue>>();
  const warmed = new Map<string, { organisation: string; done: Promise<void> }>();
  const layouts = new Map<string, readonly string[]>();
  const listeners: ((changed: ChangedValues) => void)[] = [];

  const takeOver = (device: string, values: readonly LatestValue[]) => {
    const known = devices.get(device) ?? new Map<string, LatestValue>();
    devices.set(device, known);
    const newer = values.filter(({ point, at }) => at > (known.get(point)?.at ?? -Infinity));
    for (const value of newer) known.set(value.point, value);
    if (newer.length > 0) for (const listen of listeners) listen({ device, values: newer });
  };

  const load = async (organisation: string, wanted: readonly string[]) => {
    const query = { organisation, devices: wanted, now: clock.now() };
    const byDevice = Map.groupBy(await frames.latest(query), ({ device }) => device);
    for (const [device, values] of byDevice) {
      takeOver(
        device,
        values.map(({ point, value, at, flag }) => ({ point, value, at, ...(flag && { flag }) })),
      );
    }
  };

  const warm = (organisation: string, wanted: readonly string[]): Promise<unknown> => {
    const cold = wanted.filter((device) => !warmed.has(device));
    if (cold.length > 0) {
      const done = load(organisation, cold);
      for (const device of cold) warmed.set(device, { organisation, done });
      // A failed load must not stay: the next use asks again.
      done.catch(() => {
        for (const device of cold) if (warmed.get(device)?.done === done) warmed.delete(device);
      });
    }
    return Promise.all(wanted.map((device) => warmed.get(device)?.done));
  };

  const pointsOf = async (hash: string): Promise<readonly string[] | undefined> => {
    const known = layouts.get(hash);
    if (known) return known;
    const layout = await frames.layout(hash);
    if (layout) layouts.set(hash, layout.points);
    return layout?.points;
  };

  return {
    async of(organisation, wanted) {
      await warm(organisation, wanted);
      return new Map(wanted.map((device) => [device, devices.get(device) ?? none]));
    },

    known: (device) => devices.get(device) ?? none,

    async accept({ frames }) {
      for (const [device, hash, at, values, quality] of frames) {
        const points = await pointsOf(hash);
        if (!points) continue; // the store has it before ingest speaks: only a restored one lacks it
        takeOver(
          device,
          points.map((point, i) => {
            const flag = quality?.[i];
            return { point, value: values[i] ?? null, at, ...(flag && { flag }) };
          }),
        );
      }
    },

    async reload() {
      const byOrganisation = Map.groupBy(warmed, ([, { organisation }]) => organisation);
      for (const [organisation, entries] of byOrganisation) {
        await load(
          organisation,
          entries.map(([device]) => device),
        );
      }
    },

    onChange: (listener) => void listeners.push(listener),
  };
}

/** The number that was measured: in doubt it is one all the same, of a failed reading there is none. */
export function measuredNumber(value: LatestValue | undefined): number | undefined {
  if (!value || value.value === null) return undefined;
  const { flag } = value;
  const isMeasured = flag === undefined || flag === "suspect" || flag === "substituted";
  return isMeasured ? Number(value.value) : undefined;
}
