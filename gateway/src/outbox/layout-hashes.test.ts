import { type Layout, layoutHash } from "@sunledger/model";
import { expect, test } from "vitest";
import { layoutHashes } from "./layout-hashes.ts";

test("each layout is told once, whoever names its points and however often", async () => {
  const told: Layout[] = [];
  const hashOf = layoutHashes((_hash, layout) => told.push(layout));
  const asked = [
    hashOf("A", "values", ["power", "voltage"]),
    hashOf("B", "values", ["power", "voltage"]),
    hashOf("A", "values", ["power", "voltage"]),
    hashOf("A", "counters", ["power", "voltage"]),
    hashOf("A", "values", ["voltage", "power"]),
    hashOf("A", "values", ["power"]),
    hashOf("A", "values", ["power", "voltage"]),
  ];
  const usual: Layout = { lane: "values", points: ["power", "voltage"] };
  const others: Layout[] = [
    { lane: "counters", points: ["power", "voltage"] },
    { lane: "values", points: ["voltage", "power"] },
    { lane: "values", points: ["power"] },
  ];

  const [hash, ...rest] = await Promise.all([usual, ...others].map(layoutHash));

  expect(await Promise.all(asked)).toEqual([hash, hash, hash, ...rest, hash]);
  expect(new Set(told)).toEqual(new Set([usual, ...others]));
  expect(told.length).toBe(4);
});
