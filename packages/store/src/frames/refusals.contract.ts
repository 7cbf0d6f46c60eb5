import type { QuarantineCode } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { batchOf, deviceA, frame, minute, noon, valuesOf } from "./contract-frames.ts";
import type { FrameStore } from "./frame-store.ts";

const page = { most: 10, skip: 0 };

/** What every frame store tells of what it has refused. */
export function refusalsContract(open: () => FrameStore): void {
  describe("what was refused", () => {
    test("is told by reason with how often and when, newest first and page by page (D-6)", async () => {
      const store = open();
      const batch = batchOf([]);
      const bad = (sequence: number, code: QuarantineCode) => {
        return { sequence, code, reason: `${code} row`, payload: [sequence] };
      };
      const { organisation, gateway } = batch;
      await store.write([
        { ...batch, quarantined: [bad(1, "unknownDevice"), bad(2, "malformed")] },
      ]);
      const later = { ...batch, arrival: noon + minute };
      await store.write([{ ...later, quarantined: [bad(3, "unknownDevice")] }]);
      const headless = { code: "unreadable" as const, reason: "unreadable row", payload: "?" };
      await store.write([{ ...later, arrival: noon - minute, quarantined: [headless] }]);
      await store.write([{ ...later, quarantined: [headless] }]);
      const of = { organisation, gateways: [gateway] };
      const topic = `sunledger/v1/${gateway}/frames`;

      const told = await store.quarantined({ ...of, ...page });
      expect(told).toEqual([
        {
          ...{ gateway, topic, lane: "values", code: "unknownDevice", reason: "unknownDevice row" },
          ...{ count: 2, excerpt: "[3]" },
          ...{ firstAt: noon, lastAt: noon + minute },
        },
        {
          ...{ gateway, topic, lane: "values", code: "malformed", reason: "malformed row" },
          ...{ count: 1, excerpt: "[2]" },
          ...{ firstAt: noon, lastAt: noon },
        },
        {
          ...{ gateway, topic, lane: "values", code: "unreadable", reason: "unreadable row" },
          ...{ count: 2, excerpt: '"?"' },
          ...{ firstAt: noon - minute, lastAt: noon - minute },
        },
      ]);
      expect(await store.quarantined({ ...of, most: 1, skip: 1 })).toEqual(told.slice(1, 2));
      expect(await store.quarantined({ organisation, gateways: ["other"], ...page })).toEqual([]);
    });

    test("is handed out row by row in the order of numbers, page by page (D-6)", async () => {
      const store = open();
      const batch = batchOf([frame(9, noon)]);
      const { organisation, gateway, epoch, lane } = batch;
      const bad = (sequence: number, code: QuarantineCode = "unknownDevice") => {
        return { sequence, code, reason: "no use", payload: { row: sequence } };
      };
      await store.write([{ ...batch, quarantined: [bad(3), bad(1), bad(2, "malformed")] }]);
      await store.write([
        { ...batchOf([]), organisation, gateway: "other", quarantined: [bad(1)] },
      ]);

      const rows = await store.quarantinedRows({ organisation, gateway, most: 9 });
      expect(rows).toEqual(
        [bad(1), bad(2, "malformed"), bad(3)].map((row) => ({
          ...{ id: expect.any(String), epoch, lane, topic: `sunledger/v1/${gateway}/frames` },
          ...row,
        })),
      );
      const after = rows[0]?.id;
      const page = { organisation, gateway, after, most: 1 };
      expect(await store.quarantinedRows(page)).toEqual(rows.slice(1, 2));
      const unknown = { organisation, gateway, code: "unknownDevice" as const, most: 9 };
      expect(await store.quarantinedRows(unknown)).toEqual([rows[0], rows[2]]);
      expect(await store.quarantinedRows({ ...unknown, after, most: 9 })).toEqual([rows[2]]);
    });

    test("becomes frames when it is replayed, once and under its own number (D-6)", async () => {
      const store = open();
      const batch = batchOf([frame(4, noon + 4 * minute)]);
      const { organisation, gateway } = batch;
      const bad = (sequence: number) => {
        return { sequence, code: "unknownDevice" as const, reason: "no use", payload: sequence };
      };
      await store.write([{ ...batch, quarantined: [bad(1), bad(2), bad(3)] }]);
      const rows = await store.quarantinedRows({ organisation, gateway, most: 9 });
      const [one, two, three] = rows.map(({ id }) => id) as [string, string, string];

      // The second holds what is there already, the third something else of the same time.
      const frames = [
        frame(1, noon + minute),
        frame(2, noon + 4 * minute),
        frame(3, noon + 4 * minute, [7, 7, 7]),
      ];
      const replay = { ...batch, frames, replayed: [one, two, three] };
      const [outcome] = await store.write([replay]);
      expect(outcome).toEqual({
        ...{ fresh: new Set([1]), repeated: 1, conflicts: 1, newEpoch: false },
        settled: [[1, 4]],
      });
      expect(await store.quarantinedRows({ organisation, gateway, most: 9 })).toEqual([]);
      const of = { organisation, gateways: [gateway] };
      expect(await store.quarantined({ ...of, ...page })).toEqual([]);
      const aside = await store.aside(organisation, gateway);
      expect(aside.quarantined).toEqual([]);
      expect(aside.conflicts.map(({ frame: { sequence } }) => sequence)).toEqual([3]);

      // Neither the replay nor the gateway, whose ack was lost, changes anything the second time.
      const [again, sent] = [
        await store.write([replay]),
        await store.write([{ ...batch, frames }]),
      ].flat();
      for (const outcome of [again, sent]) {
        expect(outcome).toMatchObject({ fresh: new Set(), conflicts: 0, newEpoch: false });
      }
      expect(await valuesOf(store, batch)).toHaveLength(6);
      await store.write([{ ...batch, frames: [], quarantined: [bad(1)] }]);
      expect(await store.quarantinedRows({ organisation, gateway, most: 9 })).toEqual([]);
    });

    test("waits again when it comes again without a number after its replay (D-6)", async () => {
      const store = open();
      const batch = batchOf([]);
      const { organisation, gateway } = batch;
      const headless = { code: "unknownDevice" as const, reason: "no use", payload: "event" };
      await store.write([{ ...batch, quarantined: [headless] }]);
      const rows = await store.quarantinedRows({ organisation, gateway, most: 9 });
      await store.write([{ ...batch, replayed: rows.map(({ id }) => id) }]);
      expect(await store.quarantinedRows({ organisation, gateway, most: 9 })).toEqual([]);

      await store.write([{ ...batch, quarantined: [headless] }]);

      expect(await store.quarantinedRows({ organisation, gateway, most: 9 })).toEqual(rows);
      expect((await store.aside(organisation, gateway)).quarantined).toHaveLength(1);
      const [told] = await store.quarantined({ organisation, gateways: [gateway], ...page });
      expect(told).toMatchObject({ count: 2 });
    });

    test("is accounted for by number, span by span (D-13)", async () => {
      const store = open();
      const batch = batchOf([frame(1, noon), frame(2, noon + minute), frame(9, noon + 9 * minute)]);
      const { organisation, gateway, epoch, lane } = batch;
      const bad = { code: "unknownDevice" as const, reason: "no use", payload: 1 };
      const gap = { from: 5, to: 7, fromAt: noon, toAt: noon, reason: "outboxFull" as const };
      // The sixth was given up as well, since its ack was lost.
      const quarantined = [
        { ...bad, sequence: 3 },
        { ...bad, sequence: 6 },
        { ...bad, payload: "headless" },
      ];
      await store.write([{ ...batch, quarantined, gaps: [gap] }]);
      // Another frame under a settled number takes nothing from the first.
      await store.write([{ ...batch, frames: [frame(1, noon + 30 * minute)] }]);
      const of = { organisation, gateway, epoch, lane };

      const spans = [
        [1, 9],
        [1, 3],
        [4, 6],
        [10, 20],
      ] as const;
      expect(await store.account({ ...of, spans })).toEqual([
        { settled: 7, quarantined: 1, givenUp: 3 },
        { settled: 3, quarantined: 1, givenUp: 0 },
        { settled: 2, quarantined: 0, givenUp: 2 },
        { settled: 0, quarantined: 0, givenUp: 0 },
      ]);
      const nothing = [{ settled: 0, quarantined: 0, givenUp: 0 }];
      expect(await store.account({ ...of, lane: "counters", spans: [[1, 9]] })).toEqual(nothing);
      const foreign = { ...of, organisation: batchOf([]).organisation };
      expect(await store.account({ ...foreign, spans: [[1, 9]] })).toEqual(nothing);
    });

    test("is no frame by a replay that names another row", async () => {
      const store = open();
      const batch = batchOf([]);
      const { organisation, gateway } = batch;
      const bad = { code: "malformed" as const, reason: "no use", payload: 1 };
      await store.write([{ ...batch, quarantined: [{ ...bad, sequence: 1 }] }]);
      const other = { ...batch, lane: "counters" as const };
      await store.write([{ ...other, quarantined: [{ ...bad, sequence: 1 }] }]);
      const rows = await store.quarantinedRows({ organisation, gateway, most: 9 });
      const foreign = rows.filter(({ lane }) => lane === "counters").map(({ id }) => id);

      const [outcome] = await store.write([
        { ...batch, frames: [frame(1, noon)], replayed: foreign },
      ]);

      expect(outcome).toMatchObject({ fresh: new Set(), newEpoch: false });
      expect(await store.quarantinedRows({ organisation, gateway, most: 9 })).toEqual(rows);
    });

    test("is told point by point beside what holds (D-5)", async () => {
      const store = open();
      const first = batchOf([frame(1, noon, [1, 2, 3])]);
      const { organisation, gateway } = first;
      const flagged = { ...frame(2, noon, [1, 7, 3]), quality: { 2: "suspect" as const } };
      await store.write([first]);
      await store.write([{ ...first, arrival: noon + minute, frames: [flagged] }]);
      await store.write([
        { ...first, arrival: noon + 2 * minute, frames: [frame(3, noon, [9, 2, 3])] },
      ]);
      const of = { organisation, gateways: [gateway] };

      const told = await store.conflicts({ ...of, ...page });
      expect(told).toEqual([
        [
          {
            ...{ device: deviceA, point: "ac.power.active", at: noon, arrival: noon + 2 * minute },
            ...{ kept: { value: 1 }, refused: { value: 9 } },
          },
        ],
        [
          {
            ...{ device: deviceA, point: "dc.power", at: noon, arrival: noon + minute },
            ...{ kept: { value: 2 }, refused: { value: 7 } },
          },
          {
            ...{ device: deviceA, point: "temperature", at: noon, arrival: noon + minute },
            ...{ kept: { value: 3 }, refused: { value: 3, flag: "suspect" } },
          },
        ],
      ]);
      expect(await store.conflicts({ ...of, most: 1, skip: 1 })).toEqual(told.slice(1));
      expect(await store.conflicts({ ...of, gateways: [], ...page })).toEqual([]);
    });

    test("and what gateways gave up is told, the newest measured first and page by page (D-9)", async () => {
      const store = open();
      const batch = batchOf([]);
      const { organisation, gateway } = batch;
      const gap = (from: number, at: number) => {
        return { from, to: from + 4, fromAt: at, toAt: at + 4_000, reason: "outboxFull" as const };
      };
      const [old, newer] = [gap(1, noon - minute), gap(11, noon)];
      await store.write([{ ...batch, gaps: [newer] }]);
      await store.write([{ ...batch, arrival: noon + minute, gaps: [old, newer] }]);
      await store.write([{ ...batch, gateway: "other", gaps: [gap(1, noon)] }]);
      const of = { organisation, gateways: [gateway] };

      const told = await store.gaps({ ...of, ...page });
      expect(told).toEqual([
        { gateway, lane: "values", arrival: noon, ...newer },
        { gateway, lane: "values", arrival: noon + minute, ...old },
      ]);
      expect(await store.gaps({ ...of, most: 1, skip: 1 })).toEqual(told.slice(1));
      expect(await store.gaps({ organisation, gateways: [], ...page })).toEqual([]);
    });
  });
}
