import type { SimulatedPlant } from "../scenario/scenario.ts";
import type { SimulatedBattery } from "../scenario/simulated-device.ts";

/** What is lost on the way in, and as much on the way out: 92 % come back. */
const oneWay = 0.96;

/** Between these shares of its capacity a battery works. */
export const lowest = 0.05;
export const highest = 0.95;

/** What a battery does at one moment. */
export type BatteryOutput = {
  readonly rated: SimulatedBattery;
  /** Watts at its terminals; positive while it gives. */
  readonly power: number;
  /** What is in it, watt-hours. */
  readonly stored: number;
};

export function batteriesOf({ devices }: SimulatedPlant): SimulatedBattery[] {
  return devices.filter((device) => device.kind === "battery");
}

/** So much of what is left it gives or takes within a minute: it ends softly, and never beyond. */
const perHour = 60;

/**
 * Batteries that keep what the plant has over for when it lacks: each takes its part of what would
 * flow to the grid (negative) or from it, by its rating; nothing where the grid is not fit.
 */
export function batteryOutputs(
  batteries: readonly SimulatedBattery[],
  stored: readonly number[],
  lacking: number,
): BatteryOutput[] {
  const all = batteries.reduce((sum, { ratedW }) => sum + ratedW, 0);
  return batteries.map((rated, i) => {
    const inside = stored[i] ?? 0;
    const wanted = (lacking * rated.ratedW) / all;
    const left = Math.max(0, inside - lowest * rated.capacityWh) * oneWay * perHour;
    const room = (Math.max(0, highest * rated.capacityWh - inside) / oneWay) * perHour;
    const most = Math.min(rated.ratedW, wanted > 0 ? left : room);
    return { rated, power: Math.sign(wanted) * Math.min(Math.abs(wanted), most), stored: inside };
  });
}

/** What is in a battery that began half full, by what its counters have gained since, watt-hours. */
export function storedAfter(
  { capacityWh }: SimulatedBattery,
  charged: number,
  discharged: number,
): number {
  const inside = capacityWh / 2 + charged * oneWay - discharged / oneWay;
  return Math.min(capacityWh, Math.max(0, inside));
}
