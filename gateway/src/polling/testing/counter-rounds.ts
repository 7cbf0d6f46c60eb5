import { one, zero } from "@sunledger/model/decimal";
import type { RegisterPoint } from "../../modbus/register-point.ts";
import type { PolledPoint } from "../polled-point.ts";
import type { Resolved } from "../resolve-values.ts";

/** A counter of Wh that every round has. */
export const energy = pointOf("ac.energy.import.total", "counter");
/** A gauge in W. */
export const power: PolledPoint = { ...pointOf("ac.power.active", "gauge"), unit: "W" };
const voltage = pointOf("ac.voltage.an", "gauge");

/** What a poll brought: the counter shows that, and the voltage is well. */
export function round(value: number | string): Map<PolledPoint, Resolved> {
  const [register] = energy.candidates;
  if (!register) throw new Error("a counter has a register");
  return new Map([
    [energy, { value, count: { register, step: one } }],
    [voltage, { value: 230 }],
  ]);
}

/** A point of 64 bits. */
export function pointOf(name: string, kind: PolledPoint["kind"]): PolledPoint {
  const register: RegisterPoint = {
    ...{ name, kind: "holding", address: 0, size: 4, type: "uint64" },
    ...{ wordOrder: "big", byteOrder: "big", invalid: [], scale: one, offset: zero },
    ...{ multiplyBy: [], optional: false, readAlone: false, source: "" },
  };
  const lane = kind === "counter" ? "counters" : "values";
  return { name, unit: "Wh", kind, lane, poll: "slow", candidates: [register] };
}
