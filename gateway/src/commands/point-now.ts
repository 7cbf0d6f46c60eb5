import type { Value } from "@sunledger/model";
import { one, zero } from "@sunledger/model/decimal";
import { cataloguePoint } from "@sunledger/model/points";
import { canonicalValue } from "../modbus/canonical-value.ts";
import { decode, powerOf, type WordAt } from "../modbus/decode.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import { planOf } from "../modbus/read-plan.ts";
import type { RegisterPoint } from "../modbus/register-point.ts";
import type { DeviceLine } from "../polling/device-line.ts";

/** What the registers of a point hold at this moment. */
export type PointNow = {
  readonly words: readonly number[];
  /** `null` where it has none. */
  readonly value: Value;
  /** Where the device says that it has no such value. */
  readonly isAbsent: boolean;
  /** The power of ten of its scale register. */
  readonly power: number;
};

/** How a device is read: its registers, and how many and which it gives at once. */
export type ReadLine = Pick<DeviceLine, "read" | "rules">;

/**
 * Reads a point by itself, its scale register in the same request. Where the device does not give both at
 * once, the scale register is read before and after. Rejects with a `ModbusError`, also where a scale
 * register has changed meanwhile or says no power of ten: by such a one nothing may be written.
 */
export async function pointNow(register: RegisterPoint, line: ReadLine): Promise<PointNow> {
  const { wordAt, scaleAt } = await wordsNow(register, line);
  const { address, size, name, scaleRegister } = register;
  const words = Array.from({ length: size }, (_, i) => wordAt(address + i) ?? 0);
  const decoded = decode(register, wordAt, scaleAt);
  const isAbsent = "flag" in decoded && decoded.flag === "notImplemented";
  const power = scaleRegister ? powerOf(scaleRegister, scaleAt) : 0;
  if (typeof power !== "number") {
    if (isAbsent) return { words, value: null, isAbsent, power: 0 };
    const said = scaleAt(scaleRegister?.address ?? address);
    throw new ModbusError("protocol", `the scale register of ${name} says ${said}`);
  }
  if (!("number" in decoded)) return { words, value: null, isAbsent, power };
  const quantity = cataloguePoint(name) ?? { kind: "setpoint", unit: "" };
  const value = canonicalValue(decoded.number, quantity) ?? null;
  return { words, value, isAbsent: false, power };
}

async function wordsNow(
  register: RegisterPoint,
  { read, rules }: ReadLine,
): Promise<{ readonly wordAt: WordAt; readonly scaleAt: WordAt }> {
  const wordsOf = async (point: RegisterPoint): Promise<WordAt | undefined> => {
    const [block] = planOf([point], rules).blocks;
    if (!block) return undefined;
    const { kind, address, count } = block;
    const words = await read({ kind, address, count });
    return (at) => words[at - address];
  };
  const nowhere: WordAt = () => undefined;
  const together = await wordsOf(register);
  const { scaleRegister, ...bare } = register;
  if (together || !scaleRegister)
    return { wordAt: together ?? nowhere, scaleAt: together ?? nowhere };

  const { kind, address } = scaleRegister;
  const scaleNow = async () => (await wordsOf({ ...bare, kind, address, size: 1 }))?.(address);
  const before = await scaleNow();
  const wordAt = (await wordsOf(bare)) ?? nowhere;
  const after = await scaleNow();
  if (before === after) return { wordAt, scaleAt: () => after };
  const reason = `the scale register of ${register.name} changed while it was read`;
  throw new ModbusError("protocol", reason);
}

/** The raw number of a point, before scale and offset; `undefined` where it is none. */
export async function rawNow(register: RegisterPoint, line: ReadLine): Promise<number | undefined> {
  const { scaleRegister: _, ...rest } = register;
  const bare = { ...rest, scale: one, offset: zero, invalid: [] };
  const { value } = await pointNow(bare, line);
  return value === null ? undefined : Number(value);
}
