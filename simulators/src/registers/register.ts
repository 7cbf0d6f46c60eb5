/** How a value lies in 16-bit words, high word first. */
export type RegisterType = "int16" | "uint16" | "int32" | "uint32" | "float32" | "string";

/** One value in a device's register table. */
export type RegisterRow = {
  /** On the wire, from 0. */
  readonly address: number;
  readonly type: RegisterType;
  /** How many registers; only texts differ from what the type says. */
  readonly words: number;
  /** The canonical point it carries. */
  readonly point?: string;
  /** Canonical units for each count: value = raw × scale. */
  readonly scale: number;
  /** The canonical unit, where it has one. */
  readonly unit?: string;
  /** Counters show whole counts that have passed; they are never rounded up. */
  readonly counter?: boolean;
  /** What stands there for ever, raw. */
  readonly fixed?: number | string;
  /** What stands there when there is no value, raw. */
  readonly missing: number | string;
};

/** A device's registers: what it answers and what not. */
export type RegisterTable = {
  /** Where the numbering comes from. */
  readonly source: string;
  /** 3 reads holding registers, 4 input registers. */
  readonly readBy: 3 | 4;
  /** Addresses that may be read, `[from, to)`; a read must lie within one. */
  readonly blocks: readonly (readonly [from: number, to: number])[];
  readonly mostPerRead: number;
  /** Whether reads must begin at an even address and have an even length. */
  readonly inPairs?: boolean;
  readonly rows: readonly RegisterRow[];
};

export const wordsOf: Record<Exclude<RegisterType, "string">, number> = {
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  float32: 2,
};

const bounds: Record<Exclude<RegisterType, "string" | "float32">, readonly [number, number]> = {
  int16: [-0x8000, 0x7fff],
  uint16: [0, 0xffff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint32: [0, 0xffff_ffff],
};

/** The raw number or text that a register can hold of a canonical value. */
export function rawOf(row: RegisterRow, value: number | string | undefined): number | string {
  if (row.fixed !== undefined) return row.fixed;
  if (value === undefined) return row.missing;
  if (row.type === "string" || typeof value === "string") return String(value);
  if (row.type === "float32") return Math.fround(inCounts(value, row.scale));
  const counts = inCounts(value, row.scale);
  const [low, high] = bounds[row.type];
  const whole = row.counter ? Math.floor(counts) : Math.round(counts);
  // A counter that is full begins again at zero, as hardware does.
  if (row.counter && whole > high) return whole % (high + 1);
  return Math.min(high, Math.max(low, whole));
}

/** The canonical value of what a register holds; `null` when that means "none". */
export function canonicalOf(row: RegisterRow, raw: number | string): number | string | null {
  if (typeof raw === "string") return raw === "" ? null : raw;
  if (Object.is(raw, row.missing)) return null;
  const value = fromCounts(row.type === "float32" ? shortest(raw) : raw, row.scale);
  return row.counter ? Math.round(value) : value;
}

/** The decimal with the fewest digits that a 32-bit float can only be: 230.1, not 230.10000610351562. */
function shortest(float: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const decimal = Number(float.toPrecision(digits));
    if (Math.fround(decimal) === float) return decimal;
  }
  return float;
}

// Division by a power of ten gives the nearest double of the decimal; multiplication by 0.1 does not.
function fromCounts(raw: number, scale: number): number {
  const parts = 1 / scale;
  const whole = Math.round(parts);
  if (Math.abs(scale) < 1 && Math.abs(parts - whole) < 1e-6) return raw / whole;
  return raw * scale;
}

function inCounts(value: number, scale: number): number {
  const parts = 1 / scale;
  const whole = Math.round(parts);
  if (Math.abs(scale) < 1 && Math.abs(parts - whole) < 1e-6) return value * whole;
  return value / scale;
}
