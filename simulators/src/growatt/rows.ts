import type { RegisterRow } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

/** Growatt has no mark for "no value": what is not there reads zero. */
export const number = numbersOf({});

/** Energies count tenths of a kilowatt-hour. */
export const tenthKwh = 100;

/** Voltage, current and power of trackers, four registers each. */
export function trackerRows(first: number, trackers: number): RegisterRow[] {
  return Array.from({ length: trackers }, (_, i) => [
    number(first + 4 * i, "uint16", `dc.mppt.${i + 1}.voltage`, 0.1),
    number(first + 4 * i + 1, "uint16", `dc.mppt.${i + 1}.current`, 0.1),
    number(first + 4 * i + 2, "uint32", `dc.mppt.${i + 1}.power`, 0.1),
  ]).flat();
}

/** Voltage, current and apparent power of the three phases, four registers each. */
export function phaseRows(first: number): RegisterRow[] {
  return ["a", "b", "c"].flatMap((phase, i) => [
    number(first + 4 * i, "uint16", `ac.voltage.${phase}n`, 0.1),
    number(first + 4 * i + 1, "uint16", `ac.current.${phase}`, 0.1),
    number(first + 4 * i + 2, "uint32", `ac.power.apparent.${phase}`, 0.1),
  ]);
}

/** Holding registers that the two maps share. */
export const heldRows: RegisterRow[] = [
  number(0, "uint16", "setpoint.onOff", 1, { readBy: 3 }),
  number(3, "uint16", "setpoint.activePower.percent", 1, { readBy: 3 }),
];
