import type { Trouble } from "../plant/condition.ts";

/**
 * Fault codes, on which several public Growatt programs agree; below 24 they are the errors from 100 on,
 * 18 being a relay's. A fuse has none.
 */
const codes: Partial<Record<Trouble, number>> = {
  "device-fault": 18,
  "grid-loss": 25,
  "ground-fault": 26,
  "over-voltage": 30,
  "under-voltage": 30,
  "over-frequency": 31,
  "under-frequency": 31,
  "over-temperature": 32,
};

/** The fault code of the last of what an inverter reports. */
export function growattFaults(troubles: readonly Trouble[]) {
  return { "fault.code": troubles.flatMap((trouble) => codes[trouble] ?? []).at(-1) ?? 0 };
}
