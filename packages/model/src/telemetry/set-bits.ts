import type { AnnouncedBit, AnnouncedPoint } from "./announcement.ts";
import type { Value } from "./frame.ts";

/** A bit that is set; without a label where its profile has no word for it. */
export type SetBit = { readonly bit: number } & Partial<AnnouncedBit>;

/**
 * The bits that are set in a value, the lowest first, as its point announces them. None of a value that
 * is no bit field: missing, negative, or not whole.
 */
export function setBits(value: Value, bits: NonNullable<AnnouncedPoint["bits"]>): SetBit[] {
  const whole = typeof value === "number" ? wholeText(value) : value;
  if (whole === null || !/^\d+$/.test(whole)) return [];
  const found: SetBit[] = [];
  let left = BigInt(whole);
  for (let bit = 0; left > 0n; bit += 1) {
    if (left % 2n === 1n) found.push({ bit, ...bits[String(bit)] });
    left /= 2n;
  }
  return found;
}

function wholeText(value: number): string | null {
  return Number.isSafeInteger(value) ? value.toString() : null;
}
