import type { Value } from "@sunledger/model";
import { one, zero } from "@sunledger/model/decimal";
import { cataloguePoint } from "@sunledger/model/points";
import { canonicalValue } from "../modbus/canonical-value.ts";
import { decode, type WordAt } from "../modbus/decode.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";
import type { RegisterPoint } from "../modbus/register-point.ts";

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

/** Further from its value a scale register is read by itself, before and after. */
const farthest = 100;

/** Reads a point by itself, its scale register in the same request. Rejects with a `ModbusError`. */
export async function pointNow(register: RegisterPoint, read: ReadRegisters): Promise<PointNow> {
  const { kind, address, size, scaleRegister } = register;
  const scaleAddress = scaleRegister?.address ?? address;
  const start = Math.min(address, scaleAddress);
  const end = Math.max(address + size, scaleAddress + 1);
  const isNear = end - start <= farthest && (scaleRegister?.kind ?? kind) === kind;
  const wordAt: WordAt = isNear
    ? await span(read, { kind, address: start, count: end - start })
    : await span(read, { kind, address, count: size });
  const scaleKind = scaleRegister?.kind ?? kind;
  const scaleAt =
    isNear || !scaleRegister
      ? wordAt
      : await span(read, { kind: scaleKind, address: scaleAddress, count: 1 });

  const words = Array.from({ length: size }, (_, i) => wordAt(address + i) ?? 0);
  const decoded = decode(register, wordAt, scaleAt);
  const power = powerOf(register, scaleAt);
  if (!("number" in decoded)) {
    const isAbsent = "flag" in decoded && decoded.flag === "notImplemented";
    return { words, value: null, isAbsent, power };
  }
  const quantity = cataloguePoint(register.name) ?? { kind: "setpoint", unit: "" };
  const value = canonicalValue(decoded.number, quantity) ?? null;
  return { words, value, isAbsent: false, power };
}

/** The raw number of a point, before scale and offset; `undefined` where it is none. */
export async function rawNow(
  register: RegisterPoint,
  read: ReadRegisters,
): Promise<number | undefined> {
  const { scaleRegister: _, ...rest } = register;
  const bare = { ...rest, scale: one, offset: zero, invalid: [] };
  const { value } = await pointNow(bare, read);
  return value === null ? undefined : Number(value);
}

async function span(
  read: ReadRegisters,
  asked: Parameters<ReadRegisters>[0],
): Promise<(address: number) => number | undefined> {
  const words = await read(asked);
  return (address) => words[address - asked.address];
}

/** The power of ten alone: what the scale register makes of one. */
function powerOf({ scaleRegister }: RegisterPoint, scaleAt: WordAt): number {
  const word = scaleRegister && scaleAt(scaleRegister.address);
  if (!scaleRegister || word === undefined) return 0;
  const count = scaleRegister.type === "int16" ? (word << 16) >> 16 : word;
  return scaleRegister.negate ? -count : count;
}
