import type { SimulatedInverter, SimulatedTracker } from "./simulated-device.ts";

type Make = SimulatedInverter["profile"];

/** The most trackers that an inverter of any make has. */
export const mostTrackers = 12;

/** How many trackers and strings the registers of a make tell of at most. */
const most: Readonly<Record<Make, { readonly trackers: number; readonly strings?: number }>> = {
  sunspec: { trackers: mostTrackers },
  fronius: { trackers: mostTrackers },
  // Tells of the sum alone.
  solaredge: { trackers: mostTrackers },
  "huawei-sun2000": { trackers: 12, strings: 24 },
  "sungrow-sg": { trackers: 12, strings: 24 },
  "sma-inverter": { trackers: 2 },
  "goodwe-dt": { trackers: 4 },
  "goodwe-et": { trackers: 4 },
  "growatt-tl3x": { trackers: 8 },
  "growatt-tlx": { trackers: 4 },
  "solis-string": { trackers: 4 },
};

/** What an inverter has of which its scenario says nothing. */
const usual = { trackers: 4, strings: 2 };

/** The trackers of an inverter with their strings: those that its scenario names, or what is usual of its make. */
export function trackersOf({
  profile,
  trackers,
}: Pick<SimulatedInverter, "profile" | "trackers">): readonly SimulatedTracker[] {
  if (trackers) return trackers;
  const count = Math.min(usual.trackers, most[profile].trackers);
  return Array.from({ length: count }, () => ({ strings: usual.strings }));
}

/** How many strings an inverter has. */
export function stringsOf(inverter: Pick<SimulatedInverter, "profile" | "trackers">): number {
  return trackersOf(inverter).reduce((sum, { strings }) => sum + strings, 0);
}

/** What is wrong with the trackers of an inverter, in words: more of them than its make can show. */
export function trackersTooMany(
  inverter: Pick<SimulatedInverter, "tag" | "profile" | "trackers">,
): string[] {
  const { tag, profile, trackers = [] } = inverter;
  const { trackers: shown, strings = Number.POSITIVE_INFINITY } = most[profile];
  return [
    ...(trackers.length > shown ? [`${tag}: ${profile} has ${shown} trackers at most`] : []),
    ...(stringsOf(inverter) > strings ? [`${tag}: ${profile} has ${strings} strings at most`] : []),
  ];
}
