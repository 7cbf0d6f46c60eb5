import type { RegisterPoint } from "../../modbus/register-point.ts";

/**
 * After how many counts a register may begin again at its lowest value: the decimal digits where
 * the profile gives them, else what its bits hold. A signed register turns over at half of that or
 * goes through its negative numbers, and a 64-bit accumulator of SunSpec ends at 2^63. Floating
 * point does not turn over.
 */
export function turningCounts({ type, size, mask, digits }: RegisterPoint): readonly bigint[] {
  if (digits !== undefined) return [10n ** BigInt(digits)];
  if (mask !== undefined) return [1n << BigInt(mask.toString(2).length)];
  const whole = 1n << BigInt(size * 16);
  if (type.startsWith("int")) return [whole / 2n, whole];
  if (type === "uint64") return [whole, whole / 2n];
  return type.startsWith("uint") ? [whole] : [];
}
