import { describe, expect, test } from "vitest";
import { sharing } from "./share.ts";

const gateways = Array.from({ length: 4_000 }, (_, i) => `roof-${i + 1}`);

describe("the share of an ingest", () => {
  test("one alone has all", () => {
    expect(gateways.every(sharing({ worker: 1, workers: 1 }))).toBe(true);
  });

  test.each([2, 3, 4, 7])(
    "each gateway is exactly one's of %i, and none has many more",
    (workers) => {
      const shares = Array.from({ length: workers }, (_, i) => sharing({ worker: i + 1, workers }));
      const sizes = shares.map((isOwn) => gateways.filter(isOwn).length);

      for (const gateway of gateways) {
        expect(shares.filter((isOwn) => isOwn(gateway))).toHaveLength(1);
      }
      expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.2);
    },
  );

  test("is the same on every machine and in every version, or two would take one gateway", () => {
    const own = ["qinghe-gw", "baishan-gw", "roof-1", "roof-2", "roof-17", "a"].map((gateway) =>
      [1, 2, 3, 4].find((worker) => sharing({ worker, workers: 4 })(gateway)),
    );

    expect(own).toEqual([1, 1, 4, 4, 3, 4]);
  });
});
