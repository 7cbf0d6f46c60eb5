import { Layout } from "@sunledger/model";
import { expect, test } from "vitest";
import { framesOf } from "./frames-of.ts";
import type { PolledPoint } from "./polled-point.ts";
import type { Resolved } from "./resolve-values.ts";

const at = Date.UTC(2026, 5, 1);

test("a frame for each lane, flags by place, texts left out", () => {
  const resolved = new Map<PolledPoint, Resolved>([
    [point("a", "values"), { value: 1 }],
    [point("serial", "text"), { text: "X1" }],
    [point("total", "counters"), { value: "9007199254740993" }],
    [point("b", "values"), { value: null, flag: "failed" }],
  ]);

  expect(framesOf("INV-01", at, resolved)).toEqual([
    { device: "INV-01", lane: "counters", at, points: ["total"], values: ["9007199254740993"] },
    {
      ...{ device: "INV-01", lane: "values", at, points: ["a", "b"], values: [1, null] },
      quality: { 1: "failed" },
    },
  ]);
});

test("more points than a layout may name make several frames, none of them lost", () => {
  const points = Array.from({ length: 4_500 }, (_, i) => point(`p.${i}`, "values"));
  const frames = framesOf("BIG", at, new Map(points.map((one, i) => [one, { value: i }])));

  expect(frames.map((frame) => frame.points.length)).toEqual([2_000, 2_000, 500]);
  for (const { lane, points: named } of frames) Layout.parse({ lane, points: named });
  expect(frames.flatMap(({ values }) => values)).toEqual(points.map((_, i) => i));
});

function point(name: string, lane: PolledPoint["lane"]): PolledPoint {
  return { name, unit: "", kind: "gauge", lane, poll: "fast", candidates: [] };
}
