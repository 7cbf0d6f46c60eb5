import type { Trouble } from "../plant/condition.ts";
import type { InverterOutput } from "../plant/inverter.ts";

/**
 * Event numbers after "Event Messages" of the maker's manual of the Sunny Tripower TL
 * (https://manuals.sma.de/STPTL-10-US/en-US/391460235.html): of several with one meaning the first. A fuse and heat,
 * which shows as a derating, have none.
 */
const events: Partial<Record<Trouble, number>> = {
  "over-voltage": 101,
  "under-voltage": 202,
  "grid-loss": 202,
  "over-frequency": 501,
  "under-frequency": 501,
  "ground-fault": 3_501,
  "device-fault": 6_002,
};

/** Tags: derated by its temperature, or not at all. */
const [byHeat, notDerated] = [557, 884];

/** The event of the last of what an inverter reports, and its derating. */
export function smaEvents({ condition, heldBy }: Pick<InverterOutput, "condition" | "heldBy">) {
  return {
    "fault.code": condition.troubles.flatMap((trouble) => events[trouble] ?? []).at(-1) ?? 0,
    "state.derating": heldBy === "heat" ? byHeat : notDerated,
  };
}
