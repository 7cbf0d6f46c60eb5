import type { Sum } from "./sum.ts";

/** Which way a plant's power goes at the grid; `undefined` while nobody can tell. */
export function gridDirection({ value }: Pick<Sum, "value">): "export" | "import" | undefined {
  if (value === null) return undefined;
  return value < 0 ? "import" : "export";
}
