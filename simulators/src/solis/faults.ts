import type { Trouble } from "../plant/condition.ts";

/**
 * What a stopped inverter shows as its state, after an excerpt of the maker's "RS485_MODBUS RTU Hybrid Inverter
 * Protocol Ver3.1" in a public repository that is not recorded; its string inverters share these numbers.
 */
const states: Partial<Record<Trouble, number>> = {
  "over-voltage": 0x1010,
  "under-voltage": 0x1011,
  "over-frequency": 0x1012,
  "under-frequency": 0x1013,
  "grid-loss": 0x1015,
  "over-temperature": 0x1032,
  "ground-fault": 0x1033,
  // A relay.
  "device-fault": 0x1035,
};

/** The state of an inverter that the last of its troubles has stopped. */
export function solisFaultState(troubles: readonly Trouble[]) {
  const state = troubles.flatMap((trouble) => states[trouble] ?? []).at(-1);
  return state === undefined ? {} : { "state.operating": state };
}
