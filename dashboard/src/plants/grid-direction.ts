import type { Sum } from "./sum.ts";

/** Which way a plant's power goes at the grid; `unknown` while nobody can tell. */
export type GridDirection = "export" | "import" | "unknown";

export function gridDirection({ value }: Pick<Sum, "value">): GridDirection {
  if (value === null) return "unknown";
  return value < 0 ? "import" : "export";
}
