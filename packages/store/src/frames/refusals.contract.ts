import type { QuarantineCode } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { batchOf, deviceA, frame, minute, noon } from "./contract-frames.ts";
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

      const told = await store.quarantined({ ...of, ...page });
      expect(told).toEqual([
        {
          ...{ gateway, lane: "values", code: "unknownDevice", reason: "unknownDevice row" },
          ...{ count: 2, excerpt: "[3]" },
          ...{ firstAt: noon, lastAt: noon + minute },
        },
        {
          ...{ gateway, lane: "values", code: "malformed", reason: "malformed row" },
          ...{ count: 1, excerpt: "[2]" },
          ...{ firstAt: noon, lastAt: noon },
        },
        {
          ...{ gateway, lane: "values", code: "unreadable", reason: "unreadable row" },
          ...{ count: 2, excerpt: '"?"' },
          ...{ firstAt: noon - minute, lastAt: noon - minute },
        },
      ]);
      expect(await store.quarantined({ ...of, most: 1, skip: 1 })).toEqual(told.slice(1, 2));
      expect(await store.quarantined({ organisation, gateways: ["other"], ...page })).toEqual([]);
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
  });
}
