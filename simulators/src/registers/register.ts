/** How a value lies in 16-bit words. */
export type RegisterType = keyof typeof wordsOf | "string";

/** The functions that read: 3 holding registers, 4 input registers. */
export type ReadBy = 3 | 4;

/** One value in a device's register table. */
export type RegisterRow = {
  /** On the wire, from 0. */
  readonly address: number;
  readonly type: RegisterType;
  /** Where it differs from the table's. */
  readonly readBy?: ReadBy;
  /** Whether the low word of several comes first; the bytes of a word never change places. */
  readonly lowWordFirst?: true;
  /** Whether it is shown only to a read of nothing else; other reads find something else there. */
  readonly alone?: true;
  /** How many registers; only texts differ from what the type says. */
  readonly words: number;
  /** The canonical point it carries; of several rows with one point the last is the one to go by. */
  readonly point?: string;
  /** Canonical units for each count: value = raw × scale × ratio. */
  readonly scale: number;
  /** What a reader multiplies by, where a meter shows the secondary side of its transformers. */
  readonly ratio?: number;
  /** The canonical unit, where it has one. */
  readonly unit?: string;
  /** Counters show whole counts that have passed; they are never rounded up. */
  readonly counter?: boolean;
  /**
   * How far a counter goes where its maker has it end before the register does: 10 to this power is the first count
   * that it does not show any more, and it begins again at zero.
   */
  readonly digits?: number;
  /** What stands there for ever, raw. */
  readonly fixed?: number | string;
  /** What stands there when there is no value, raw; without such a mark zero stands there and means zero. */
  readonly missing?: number | string;
};

/** Addresses `[from, to)` and the function that reads them, where it differs from the table's. */
export type RegisterBlock = readonly [from: number, to: number, readBy?: ReadBy];

/** A device's registers: what it answers and what not. */
export type RegisterTable = {
  /** Where the numbering comes from. */
  readonly source: string;
  readonly readBy: ReadBy;
  /** Addresses that may be read, `[from, to)`; a read must lie within one. */
  readonly blocks: readonly RegisterBlock[];
  readonly mostPerRead: number;
  /** Of a meter: who says how many digits its counters have; `none`: nobody known, they go as far as their registers. */
  readonly digitsFrom?: string;
  /** Whether reads must begin at an even address and have an even length. */
  readonly inPairs?: boolean;
  readonly rows: readonly RegisterRow[];
};

/** The functions that read something of a table. */
export function functionsOf({ readBy, blocks }: RegisterTable): Set<ReadBy> {
  return new Set(blocks.map(([, , own]) => own ?? readBy));
}

/** A row that carries a canonical point. */
export type PointRow = RegisterRow & { readonly point: string };

/** The rows with points; of several with one point the last, as it is the one to go by. */
export function pointRows({ rows }: RegisterTable): PointRow[] {
  const last = new Map<string, PointRow>();
  for (const row of rows)
    if (row.point !== undefined) last.set(row.point, { ...row, point: row.point });
  return [...last.values()];
}

export const wordsOf = {
  ...{ int16: 1, uint16: 1 },
  ...{ int32: 2, uint32: 2, float32: 2 },
  ...{ int64: 4, uint64: 4 },
} as const;

const bounds: Record<Exclude<RegisterType, "string" | "float32">, readonly [number, number]> = {
  int16: [-0x8000, 0x7fff],
  uint16: [0, 0xffff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint32: [0, 0xffff_ffff],
  // As far as numbers are exact; no plant counts so far.
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** The raw number or text that a register can hold of a canonical value; NaN stands for none. */
export function rawOf(row: RegisterRow, value: number | string | undefined): number | string {
  if (row.fixed !== undefined) return row.fixed;
  if (value === undefined || Number.isNaN(value))
    return row.missing ?? (row.type === "string" ? "" : 0);
  if (row.type === "string" || typeof value === "string") return String(value);
  const counts = inCounts(value / (row.ratio ?? 1), row.scale);
  if (row.type === "float32") {
    return Math.fround(row.digits === undefined ? counts : counts % 10 ** row.digits);
  }
  const [low, high] = bounds[row.type];
  if (row.counter) return Math.max(low, Math.floor(counts) % firstNotShown(row, high));
  return Math.min(high, Math.max(low, Math.round(counts)));
}

/** A counter that is full begins again at zero, as hardware does; what stands for "none" it never comes to. */
function firstNotShown({ digits, missing }: RegisterRow, high: number): number {
  if (digits !== undefined) return 10 ** digits;
  return missing === high ? high : high + 1;
}

/** The canonical value of what a register holds; `null` when that means "none". */
export function canonicalOf(row: RegisterRow, raw: number | string): number | string | null {
  if (typeof raw === "string") return raw === "" ? null : raw;
  if (Object.is(raw, row.missing)) return null;
  const shown = fromCounts(row.type === "float32" ? shortest(raw) : raw, row.scale);
  const value = shown * (row.ratio ?? 1);
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
