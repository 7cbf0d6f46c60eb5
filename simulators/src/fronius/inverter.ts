import type { InverterPhase } from "../plant/inverter.ts";
import type { RegisterTable } from "../registers/register.ts";
import { common } from "../sunspec/common.ts";
import { fourTrackers, nameplate, threePhase } from "../sunspec/inverter.ts";
import { sunspecTable } from "../sunspec/layout.ts";

/**
 * A Fronius inverter set to "int + SF": the alliance's models in the order in which Fronius has them,
 * without those of its settings, and its own state in StVnd.
 */
export const froniusInverter: RegisterTable = sunspecTable([
  common,
  { ...threePhase, points: { ...threePhase.points, StVnd: "state.vendor" } },
  nameplate,
  fourTrackers,
]);

/** StVnd: as St, with codes of its own above 8. */
export const froniusStates: Record<InverterPhase, { readonly "state.vendor": number }> = {
  sleeping: { "state.vendor": 2 },
  starting: { "state.vendor": 3 },
  tracking: { "state.vendor": 4 },
  limited: { "state.vendor": 5 },
  faulted: { "state.vendor": 7 },
};

export const froniusConstants = {
  "id.manufacturer": "Fronius",
  "id.model": "Symo 20.0-3-M",
  "id.options": "3.24.1-2",
  "id.version": "0.3.30.2",
  "event.2": 0,
} as const;
