import type { RegisterType } from "./profile-parts.ts";

const sizes: Readonly<Record<RegisterType, number>> = {
  uint16: 1,
  int16: 1,
  enum16: 1,
  bits16: 1,
  bool: 1,
  uint32: 2,
  int32: 2,
  enum32: 2,
  bits32: 2,
  float32: 2,
  uint64: 4,
  int64: 4,
  float64: 4,
  string: 1,
};

/** How many registers a value takes; `length` is that of a string. */
export function registersOf({
  type,
  length,
}: {
  readonly type: RegisterType;
  readonly length?: number | undefined;
}): number {
  return length ?? sizes[type];
}
