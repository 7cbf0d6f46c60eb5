const written = /^(\d+)(?:([.,])(\d+))?$/;

/**
 * Kilowatts as somebody writes them, in watts: digits with a point or a comma. `undefined` where that is no
 * number, or could be two: the comma of 1,100 parts thousands in one country and fractions in another.
 */
export function wattsOfKilowatts(text: string): number | undefined {
  const [, whole = "", sign, fraction = ""] = written.exec(text.trim()) ?? [];
  if (whole === "") return undefined;
  const mayBeThousands = sign === "," && fraction.length === 3 && !whole.startsWith("0");
  if (mayBeThousands) return undefined;
  return Math.round(Number(`${whole}.${fraction || "0"}`) * 1_000);
}
