import type { FoundPoint, RegisterPoint } from "../modbus/register-point.ts";
import type { WriteSpan } from "../modbus/write-request.ts";

/** The table that a function writes to. */
export function tableOf({ code }: Pick<WriteSpan, "code">): "coil" | "holding" {
  return code === 5 || code === 15 ? "coil" : "holding";
}

/** The set-points that lie where it is written, by names. */
export function touchedBy(span: WriteSpan, points: readonly FoundPoint[]): readonly FoundPoint[] {
  return points.filter(({ point, register }) => point.write !== undefined && lies(register, span));
}

function lies({ kind, address, size }: RegisterPoint, span: WriteSpan): boolean {
  const { address: from, words } = span;
  return kind === tableOf(span) && address < from + words.length && from < address + size;
}
