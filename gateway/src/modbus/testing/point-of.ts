import { one, zero } from "@sunledger/model/decimal";
import type { RegisterPoint } from "../register-point.ts";

const sizes: Readonly<Record<string, number>> = {
  ...{ uint32: 2, int32: 2, float32: 2, enum32: 2, bits32: 2 },
  ...{ uint64: 4, int64: 4, float64: 4 },
};

/** A point at holding register 0 that says its register as it is, but for what is told otherwise. */
export function pointOf(more: Partial<RegisterPoint> = {}): RegisterPoint {
  const type = more.type ?? "uint16";
  return {
    name: "ac.power.active",
    kind: "holding",
    address: 0,
    size: sizes[type] ?? 1,
    type,
    wordOrder: "big",
    byteOrder: "big",
    invalid: [],
    scale: one,
    offset: zero,
    multiplyBy: [],
    optional: false,
    readAlone: false,
    source: "holding 0",
    ...more,
  };
}
