import type { Trouble } from "../plant/condition.ts";

/** Bits of the error code, after goodwe/const.py of the goodwe library; a fuse has none. */
const bits: Partial<Record<Trouble, number>> = {
  "grid-loss": 9,
  "over-temperature": 13,
  "over-voltage": 17,
  "under-voltage": 17,
  "ground-fault": 18,
  "device-fault": 25,
  "over-frequency": 29,
  "under-frequency": 29,
};

/** The error code of what an inverter reports. */
export function goodweErrors(troubles: readonly Trouble[]) {
  const set = new Set(troubles.flatMap((trouble) => bits[trouble] ?? []));
  return { "fault.code": [...set].reduce((code, bit) => code + 2 ** bit, 0) };
}
