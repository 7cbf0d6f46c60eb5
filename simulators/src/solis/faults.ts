import type { Trouble } from "../plant/condition.ts";

/**
 * What a stopped inverter shows as its state, after an excerpt of the maker's "RS485_MODBUS RTU Hybrid Inverter
 * Protocol Ver3.1"; its string inverters share these numbers. The public programs that were found to agree are none
 * whose repository could be told. One that could,
 * github:Pho3niX90/solis_modbus@e138c9f07ad45011e317cab12ba30814ff049a8a:custom_components/solis_modbus/data/status_mapping.py,
 * has the same names in the same order at 4110 and above, though its 4100 is the protocol's 0x1004: it took the digits
 * of the others for decimal ones.
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
