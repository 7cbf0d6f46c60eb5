import type { ModbusException } from "./image.ts";
import { canonicalOf, type RegisterRow, type RegisterTable } from "./register.ts";
import { rawIn } from "./words.ts";

/** What somebody has written to a device's set-points since it was switched on. */
export type SetPoints = {
  /** By point, in canonical units. */
  readonly values: Readonly<Record<string, number>>;
  /** Takes the words of one whole set-point, or answers by the exception of a device that does not. */
  write(address: number, words: Buffer): ModbusException | undefined;
  /** What the device itself sets one to. */
  set(point: string, value: number): void;
};

/** The set-points of a table; `undefined` where it has none and a device knows no writing. */
export function setPointsOf(table: RegisterTable): SetPoints | undefined {
  const rows = new Map(table.rows.filter(isSetPoint).map((row) => [row.address, row]));
  if (rows.size === 0) return undefined;
  const values: Record<string, number> = {};
  return {
    values,
    write(address, words) {
      const row = rows.get(address);
      if (row?.point === undefined || words.length !== 2 * row.words) return 2;
      const value = canonicalOf(row, rawIn(row, words));
      if (typeof value !== "number") return 3;
      values[row.point] = value;
      return undefined;
    },
    set(point, value) {
      values[point] = value;
    },
  };
}

function isSetPoint({ point }: RegisterRow): boolean {
  return point?.startsWith("setpoint.") ?? false;
}
