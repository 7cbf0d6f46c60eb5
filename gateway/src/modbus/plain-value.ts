import type { Decimal } from "@sunledger/model/decimal";
import { cataloguePoint } from "@sunledger/model/points";
import { mostPlain, tens } from "./canonical-value.ts";
import type { Decoded } from "./decode.ts";
import type { RegisterPoint } from "./register-point.ts";

/** What a register said: its value at once where that is plain. */
export type Said = Decoded | { readonly value: number };

/**
 * Takes a value straight out of the words of an answer, where a double can do what the exact way does
 * (`decode`, `canonicalValue`) and to the same number: `undefined` where it cannot, `null` where the device has none.
 */
export type PlainValue = (words: readonly number[], place: number) => number | null | undefined;

const known = new WeakMap<RegisterPoint, PlainValue>();

/** How the register's value is taken; one that never can be for what needs more than its value. */
export function plainValue(point: RegisterPoint): PlainValue {
  const before = known.get(point);
  if (before) return before;
  const made = isPlain(point) ? takerOf(point) : never;
  known.set(point, made);
  return made;
}

const never: PlainValue = () => undefined;
const types: ReadonlySet<string> = new Set(["uint16", "int16", "uint32", "int32"]);
/** Their digits count exactly, or are no number. */
const exactKinds: ReadonlySet<string> = new Set(["counter", "daily", "monthly", "yearly", "text"]);

function isPlain({ name, type, mask, scaleRegister, offset, scale, ...point }: RegisterPoint) {
  const kind = cataloguePoint(name)?.kind;
  return (
    kind !== undefined &&
    !exactKinds.has(kind) &&
    types.has(type) &&
    point.multiplyBy.length === 0 &&
    mask === undefined &&
    scaleRegister === undefined &&
    offset.digits === 0n &&
    offset.exponent >= scale.exponent &&
    Math.abs(Number(scale.digits)) < mostPlain &&
    tens[Math.abs(scale.exponent)] !== undefined
  );
}

function takerOf({ type, size, wordOrder, byteOrder, invalid, scale }: RegisterPoint): PlainValue {
  const whole = 2 ** (16 * size);
  const half = type.startsWith("int") ? whole / 2 : whole;
  const markers = invalid.filter((marker) => marker !== "NaN").map(Number);
  const scaled = scalerOf(scale);
  const [high, low] = wordOrder === "big" ? [0, 1] : [1, 0];
  const word = (one = 0) => (byteOrder === "big" ? one : ((one & 0xff) << 8) | (one >> 8));

  return (words, place) => {
    if (place + size > words.length) return undefined;
    const raw =
      size === 1
        ? word(words[place])
        : word(words[place + high]) * 0x1_0000 + word(words[place + low]);
    if (markers.includes(raw)) return null;
    return scaled(raw >= half ? raw - whole : raw);
  };
}

/** By one division or multiplication that a double does right. */
function scalerOf({ digits, exponent }: Decimal): (raw: number) => number | undefined {
  const count = Number(digits);
  const ten = tens[Math.abs(exponent)] ?? 1;
  return (raw) => {
    // No zero has a sign.
    const number = raw * count || 0;
    if (Math.abs(number) >= mostPlain) return undefined;
    if (exponent <= 0) return number / ten;
    return Number.isSafeInteger(number * ten) ? number * ten : undefined;
  };
}
