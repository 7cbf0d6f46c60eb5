import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  batchOf,
  collect,
  countersHash,
  day,
  deviceA,
  deviceB,
  frame,
  minute,
  noon,
  rangeOf,
  valuesOf,
} from "./contract-frames.ts";
import type { FrameStore } from "./frame-store.ts";

const midnight = noon - day / 2;

/** What every frame store promises of frames that come late, and of those that have been kept long enough. */
export function keepingContract(opened: () => FrameStore): void {
  let store: FrameStore;

  beforeAll(() => {
    store = opened();
  });

  describe("late frames", () => {
    test("stand in their place, whatever the order they came in", async () => {
      const numbers = Array.from({ length: 48 }, (_, i) => i + 1);
      const shuffled = numbers.toSorted((a, b) => ((a * 29) % 53) - ((b * 29) % 53));
      const template = batchOf([]);
      const hourly = (n: number) => frame(n, midnight + n * 60 * minute, [n, 0, 0]);
      for (let i = 0; i < numbers.length; i += 7) {
        await store.write([{ ...template, frames: shuffled.slice(i, i + 7).map(hourly) }]);
      }

      const range = { ...rangeOf(template, ["ac.power.active"]), to: noon + 5 * day };
      const values = await collect(store.read(range));
      const buckets = await store.buckets({ ...range, from: midnight, everyMs: day });
      const [latest] = await store.latest({
        ...{ organisation: template.organisation, devices: [deviceA], now: noon + 5 * day },
      });

      expect(values.map(({ value }) => value)).toEqual(numbers);
      expect(buckets.map(({ first, last, count }) => [first, last, count])).toEqual([
        [1, 23, 23],
        [24, 47, 24],
        [48, 48, 1],
      ]);
      expect(latest?.value).toBe(48);
    });

    test("of another value are kept aside, of the same ignored, also a day later", async () => {
      const batch = batchOf([frame(1, noon), frame(2, noon + minute)]);
      await store.write([batch]);
      await store.write([{ ...batch, frames: [frame(3, noon + 3 * day)] }]);
      const late = { ...batch, epoch: randomUUID() };

      const [outcome] = await store.write([
        {
          ...late,
          frames: [frame(1, noon, [9, 9, 9]), frame(2, noon + minute), frame(3, noon + 1)],
        },
      ]);

      expect(outcome).toMatchObject({ fresh: new Set([3]), repeated: 1, conflicts: 1 });
      expect(await valuesOf(store, batch, ["dc.power"])).toHaveLength(4);
      const page = { most: 10, skip: 0, gateways: [batch.gateway] };
      const told = await store.conflicts({ organisation: batch.organisation, ...page });
      expect(told.flat().map(({ kept, refused }) => [kept?.value, refused.value])).toEqual([
        [1, 9],
        [2, 9],
        [3, 9],
      ]);
    });
  });

  describe("forgetting", () => {
    test("deletes the days of a lane before an instant, and nothing else", async () => {
      const at = [midnight - day, midnight - 1, midnight, noon];
      const batch = batchOf(at.map((instant, i) => frame(i + 1, instant, [i, 0, 0])));
      const energy = { ...frame(1, midnight - day, [1, 2]), layout: countersHash };
      const ofCounters = { ...batch, lane: "counters" as const, frames: [energy] };
      const foreign = { ...batch, organisation: randomUUID() };
      await store.write([batch, ofCounters, foreign]);

      const count = await store.forget({
        ...{ organisation: batch.organisation, lane: "values", before: noon - 1 },
      });

      expect(count).toBe(2);
      const left = await valuesOf(store, batch, ["ac.power.active"]);
      expect(left.map(({ value }) => value)).toEqual([2, 3]);
      expect(await valuesOf(store, batch, ["energy.export"])).toHaveLength(1);
      expect(await valuesOf(store, foreign, ["ac.power.active"])).toHaveLength(4);
    });

    test("spares the devices that are to keep theirs", async () => {
      const other = { ...frame(2, noon - 5 * day), device: deviceB };
      const batch = batchOf([frame(1, noon - 5 * day), other]);
      await store.write([batch]);

      const count = await store.forget({
        ...{ organisation: batch.organisation, lane: "values", before: noon },
        except: [deviceB],
      });

      expect(count).toBe(1);
      const left = await valuesOf(store, batch, ["dc.power"]);
      expect(left.map(({ device }) => device)).toEqual([deviceB]);
    });

    test("keeps in mind what was settled: what comes again is known and makes no new epoch", async () => {
      const batch = batchOf([frame(1, noon - 5 * day), frame(2, noon)]);
      await store.write([batch]);
      const of = { organisation: batch.organisation, lane: "values" } as const;
      await store.forget({ ...of, before: noon });

      const [again] = await store.write([batch]);
      const later = await store.forget({ ...of, before: noon - 20 * day });
      const [third] = await store.write([batch]);

      expect(again).toMatchObject({ fresh: new Set(), repeated: 2, newEpoch: false });
      expect(later).toBe(0);
      expect(third).toMatchObject({ repeated: 2, newEpoch: false });
      expect(await valuesOf(store, batch, ["dc.power"])).toHaveLength(1);
    });
  });
}
