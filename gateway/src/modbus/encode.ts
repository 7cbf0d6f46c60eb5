import { type Decimal, decimalText, minus } from "@sunledger/model/decimal";
import type { RegisterPoint } from "./register-point.ts";

/** What a value becomes in registers, or why it cannot. */
export type Encoded =
  | { readonly words: readonly number[] }
  /** Between two values that the register can hold, which are those next to it in its unit. */
  | { readonly between: readonly [string, string] }
  | { readonly outside: true };

type Place = Pick<RegisterPoint, "type" | "size" | "wordOrder" | "byteOrder" | "scale" | "offset">;

/**
 * The words of a point whose canonical value is this: the reverse of `decode`. Nothing is rounded, save
 * what a float cannot hold. `power` is what the scale register says now.
 */
export function encode(value: Decimal, point: Place, power = 0): Encoded {
  const { type, size } = point;
  const scale = { digits: point.scale.digits, exponent: point.scale.exponent + power };
  const raw = quotient(minus(value, point.offset), scale);
  if (type === "float32" || type === "float64") return { words: floatWords(raw, point) };
  if (type === "string") return { outside: true };
  const whole = raw.over / raw.under;
  if (whole * raw.under !== raw.over) return { between: neighbours(raw, scale, point.offset) };
  if (!holds(type, size, whole)) return { outside: true };
  return { words: wordsOfRaw(BigInt.asUintN(size * 16, whole), point) };
}

/** The words of a raw number, in the point's orders. */
export function wordsOfRaw(
  raw: bigint,
  { size, wordOrder, byteOrder }: Pick<Place, "size" | "wordOrder" | "byteOrder">,
): number[] {
  const words = Array.from({ length: size }, (_, i) =>
    Number((raw >> BigInt(16 * (size - 1 - i))) & 0xffffn),
  );
  const ordered = wordOrder === "big" ? words : words.toReversed();
  return byteOrder === "big" ? ordered : ordered.map((word) => ((word & 0xff) << 8) | (word >> 8));
}

/** The raw number that words hold, in the point's orders. */
export function rawOfWords(
  words: readonly number[],
  { size, wordOrder, byteOrder }: Pick<Place, "size" | "wordOrder" | "byteOrder">,
): bigint {
  const big = wordsOfRaw(
    words.reduce((raw, word) => (raw << 16n) | BigInt(word), 0n),
    { size, wordOrder, byteOrder },
  );
  return big.reduce((raw, word) => (raw << 16n) | BigInt(word), 0n);
}

type Fraction = { readonly over: bigint; readonly under: bigint };

function quotient(a: Decimal, b: Decimal): Fraction {
  const power = a.exponent - b.exponent;
  const sign = b.digits < 0n ? -1n : 1n;
  const over = sign * a.digits * (power > 0 ? 10n ** BigInt(power) : 1n);
  const under = sign * b.digits * (power < 0 ? 10n ** BigInt(-power) : 1n);
  return { over, under };
}

function neighbours({ over, under }: Fraction, scale: Decimal, offset: Decimal) {
  const floor = over / under - (over < 0n ? 1n : 0n);
  const textOf = (raw: bigint) => {
    const scaled = { digits: raw * scale.digits, exponent: scale.exponent };
    return decimalText(minus(scaled, { ...offset, digits: -offset.digits }));
  };
  return [textOf(floor), textOf(floor + 1n)] as const;
}

function holds(type: Place["type"], size: number, whole: bigint): boolean {
  if (type === "bool") return whole === 0n || whole === 1n;
  const bits = BigInt(size * 16);
  const isSigned = type === "int16" || type === "int32" || type === "int64";
  const least = isSigned ? -(1n << (bits - 1n)) : 0n;
  const most = isSigned ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  return whole >= least && whole <= most;
}

function floatWords({ over, under }: Fraction, point: Place): number[] {
  const bytes = Buffer.alloc(point.size * 2);
  const number = Number(over) / Number(under);
  if (point.type === "float32") bytes.writeFloatBE(number);
  else bytes.writeDoubleBE(number);
  return wordsOfRaw(BigInt(`0x${bytes.toString("hex")}`), point);
}
