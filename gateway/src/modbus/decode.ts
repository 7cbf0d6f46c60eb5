import type { Flag } from "@sunledger/model";
import {
  type Decimal,
  decimalOf,
  decimalOfFloat32,
  plus,
  times,
  timesTenTo,
} from "@sunledger/model/decimal";
import type { RegisterPoint, ScaleRegister } from "./register-point.ts";

/** What the registers of a point say, before transformer ratios and rounding. */
export type Decoded =
  | {
      readonly number: Decimal;
      /** The power of ten that a scale register gave; absent is 0. */
      readonly power?: number;
    }
  | { readonly text: string }
  | { readonly flag: Flag };

/** The register at an address of one answer; `undefined` outside of it. */
export type WordAt = (address: number) => number | undefined;

/** Exponents beyond this are a defect of the device, whatever the register can hold. */
const mostPower = 10;

/** Reads a point out of the answer that holds it. The scale register comes from the same answer. */
export function decode(point: RegisterPoint, wordAt: WordAt, scaleAt: WordAt = wordAt): Decoded {
  const words = new Array<number>(point.size);
  for (let i = 0; i < point.size; i += 1) {
    const word = wordAt(point.address + i);
    if (word === undefined) return { flag: "failed" };
    words[i] = word;
  }
  if (point.type === "string") return decodeText(words, point);

  const raw = rawOf(words, point);
  // Compared in full width before anything else: half a marker is a value.
  if (point.invalid.includes(raw)) return { flag: "notImplemented" };
  const number = numberOf(raw, words, point);
  if (number === "NaN") {
    return { flag: point.invalid.includes("NaN") ? "notImplemented" : "invalid" };
  }
  if (number === "infinite") return { flag: "invalid" };

  const power = point.scaleRegister ? powerOf(point.scaleRegister, scaleAt) : 0;
  if (typeof power !== "number") return power;
  const scaled = timesTenTo(times(number, point.scale), power);
  const whole = plus(scaled, point.offset);
  return power === 0 ? { number: whole } : { number: whole, power };
}

/** The power of ten that a scale register says, or why it says none. */
export function powerOf(
  register: ScaleRegister,
  scaleAt: WordAt,
): number | { readonly flag: Flag } {
  const word = scaleAt(register.address);
  if (word === undefined) return { flag: "failed" };
  if (word === register.notAvailable) return { flag: "notImplemented" };
  const count = register.type === "int16" ? (word << 16) >> 16 : word;
  if (Math.abs(count) > mostPower) return { flag: "invalid" };
  return register.negate ? -count : count;
}

function numberOf(
  unmasked: bigint,
  words: readonly number[],
  point: RegisterPoint,
): Decimal | "NaN" | "infinite" {
  const { type, mask, size } = point;
  const raw = mask === undefined ? unmasked : unmasked & mask;
  switch (type) {
    case "int16":
    case "int32":
    case "int64":
      return decimalOf(BigInt.asIntN(size * 16, raw));
    case "float32":
      return finite(orderedBytes(words, point).readFloatBE(0), decimalOfFloat32);
    case "float64":
      return finite(orderedBytes(words, point).readDoubleBE(0), decimalOf);
    case "bool":
      return decimalOf(raw === 0n ? 0n : 1n);
    default:
      return decimalOf(raw);
  }
}

function finite(float: number, decimal: (float: number) => Decimal): Decimal | "NaN" | "infinite" {
  if (Number.isNaN(float)) return "NaN";
  return Number.isFinite(float) ? decimal(float) : "infinite";
}

type Orders = Pick<RegisterPoint, "wordOrder" | "byteOrder">;

/** The registers as one unsigned number: most have one or two, which need no bytes in between. */
function rawOf(words: readonly number[], { wordOrder, byteOrder }: Orders): bigint {
  const last = words.length - 1;
  let high = 0;
  let low = 0;
  for (let i = 0; i <= last; i += 1) {
    const word = words[wordOrder === "big" ? i : last - i] ?? 0;
    const value = byteOrder === "big" ? word : ((word & 0xff) << 8) | (word >> 8);
    high = (high * 0x1_0000 + (low >>> 16)) % 0x1_0000_0000;
    low = (low % 0x1_0000) * 0x1_0000 + value;
  }
  return high === 0 ? BigInt(low) : BigInt(high) * 0x1_0000_0000n + BigInt(low);
}

function orderedBytes(words: readonly number[], { wordOrder, byteOrder }: Orders): Buffer {
  const bytes = Buffer.alloc(words.length * 2);
  for (const [i, word] of words.entries()) {
    const place = wordOrder === "big" ? i : words.length - 1 - i;
    if (byteOrder === "big") bytes.writeUInt16BE(word, place * 2);
    else bytes.writeUInt16LE(word, place * 2);
  }
  return bytes;
}

/** A text ends at its first zero; the order of words plays no part in it. */
function decodeText(words: readonly number[], { byteOrder }: RegisterPoint): Decoded {
  const bytes = orderedBytes(words, { wordOrder: "big", byteOrder });
  const end = bytes.indexOf(0);
  const text = (end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
  // Some devices fill unused places with 0xFF, which is no text in UTF-8.
  const readable = text.replace(/[\p{Cc}\uFFFD]/gu, "").trim();
  return readable === "" ? { flag: "notImplemented" } : { text: readable };
}
