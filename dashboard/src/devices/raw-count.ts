import type { DevicePoint, Value } from "@sunledger/model";

/**
 * The count that the register holds, where the value is a fixed size times it: what an engineer reads
 * with another tool. Beyond 2^53 only of a register that counts by ones.
 */
export function rawCount(value: Value, { scale }: Pick<DevicePoint, "scale">): string | undefined {
  if (value === null || scale === undefined) return undefined;
  if (scale === 1) return String(value);
  return typeof value === "number" ? String(Math.round(value / scale)) : undefined;
}
