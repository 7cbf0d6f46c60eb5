import type { DeviceDetail, DeviceReading } from "@sunledger/model";
import { expect, test } from "vitest";
import { countersOf, told } from "./compare.ts";

const point = { unit: "Wh", kind: "counter", everyMs: 1_000 } as const;
const points: DeviceDetail["points"] = [
  { ...point, name: "energy" },
  { ...point, name: "hours", unit: "h" },
  { ...point, name: "starts", unit: "" },
  { ...point, name: "power", unit: "W", kind: "gauge" },
];
const reading: DeviceReading = {
  ...{ url: "tcp://a", profile: "sunspec", kind: "inverter", confidence: 90, texts: {} },
  ...{ missing: [] },
  points: [{ point: "energy", value: "7", unit: "Wh" }],
};

test("each counter of the old device stands beside the new one's", () => {
  const latest = [
    { point: "energy", value: "90071992547409930", at: 1 },
    { point: "hours", value: 4, at: 1 },
    { point: "starts", value: 4, at: 1, flag: "suspect" as const },
  ];

  expect(countersOf(points, latest, reading)).toEqual([
    { point: "energy", unit: "Wh", before: "90071992547409930", after: "7" },
    { point: "hours", unit: "h", before: 4, after: undefined },
  ]);
});

test.each([
  [{ before: "A", after: "B" }, "other"],
  [{ before: "A", after: "A" }, "same"],
  [{ before: "", after: "B" }, "nothing"],
  [{ before: "A", after: "" }, "nothing"],
] as const)("of %o serial numbers tell: %s", (who, word) => {
  expect(told(who)).toBe(word);
});
