import type { Trouble } from "../plant/condition.ts";

/**
 * Fault codes after the table of
 * github:Voyanti/ha-sungrow@b06bb50223dfb5925343e761b555ee8df361a49d:src/sungrow_inverter.py, which follows the
 * appendices of the maker's protocol. A fuse has none.
 */
const codes: Partial<Record<Trouble, number>> = {
  "over-voltage": 2,
  "under-voltage": 4,
  "over-frequency": 8,
  "under-frequency": 9,
  "grid-loss": 10,
  "over-temperature": 37,
  "ground-fault": 39,
  "device-fault": 50,
};

/** The fault code (5045) of the last of what an inverter reports. */
export function sungrowFaults(troubles: readonly Trouble[]) {
  return { "fault.code": troubles.flatMap((trouble) => codes[trouble] ?? []).at(-1) ?? 0 };
}
