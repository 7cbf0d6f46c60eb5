import { AnnouncedPoint } from "@sunledger/model";
import { decimalOf, one, zero } from "@sunledger/model/decimal";
import { expect, test } from "vitest";
import type { RegisterPoint } from "../modbus/register-point.ts";
import { announcementOf } from "./device-announcement.ts";

const scaleRegister = { kind: "holding", address: 2, type: "int16", negate: false } as const;

test.each([
  ["tenths", {}, 0.1],
  ["whole units", { scale: one }, 1],
  ["tens", { scale: decimalOf(10) }, 10],
  ["a float", { type: "float32" }, undefined],
  ["a count beside a power of ten", { scaleRegister }, undefined],
  ["a count times a transformer ratio", { multiplyBy: ["ratio.ct"] }, undefined],
  ["a count from an offset on", { offset: decimalOf(-40) }, undefined],
  ["a count that falls as the value rises", { scale: decimalOf(-1) }, undefined],
] as const)("announces of %s what a count is", (_, register, scale) => {
  expect(announced(register).scale).toBe(scale);
});

test("an older gateway's point without a scale is taken", () => {
  const { scale: _, ...older } = announced({});

  expect(AnnouncedPoint.parse(older)).toEqual(older);
});

function announced(register: Partial<RegisterPoint>): AnnouncedPoint {
  const point: RegisterPoint = {
    ...{ name: "ac.current", kind: "holding", address: 1, size: 1, type: "uint16", invalid: [] },
    ...{ wordOrder: "big", byteOrder: "big", scale: decimalOf(0.1), offset: zero },
    ...{ multiplyBy: [], optional: false, readAlone: false, source: "holding 1 uint16" },
    ...register,
  };
  const { points } = announcementOf({
    ...{ tag: "INV-01", kind: "inverter", texts: new Map(), everyMs: () => 1_000 },
    profile: { id: "p", version: "1" } as never,
    points: [
      {
        ...{ name: "ac.current", unit: "A", kind: "gauge", lane: "values", poll: "fast" },
        candidates: [point],
      },
    ],
  });
  const [found] = points;
  if (!found) throw new Error("no point was announced");
  return AnnouncedPoint.parse(found);
}
