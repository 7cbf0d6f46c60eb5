import type { Flag, Value } from "@sunledger/model";

/** How far a register's value can be trusted, whatever its age: `missing` is one that never came. */
export type Quality = "good" | "missing" | Flag;

export function qualityOf({
  value,
  flag,
}: {
  readonly value: Value;
  readonly flag: Flag | undefined;
}): Quality {
  return flag ?? (value === null ? "missing" : "good");
}
