import type { KeptEvent } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import type { Window } from "../frames/bucket-size.ts";

/** So many devices are asked, as of those that witness. */
const mostSleepers = 8;
/** More than a year of theirs; of what is older nothing is said. */
const mostEvents = 8_000;
/** No night of a plant is longer: a sleep that began before was not told to its end. */
const longestSleepMs = 36 * 60 * 60_000;

export type SleepQuery = {
  readonly records: Pick<Records, "events">;
  readonly organisation: string;
  readonly devices: readonly string[];
  readonly window: Window;
  /** To ask more devices than those. */
  readonly most?: number;
};

/** When each of the first of these devices slept, by what its gateway said. */
export async function sleepSpansOf(query: SleepQuery): Promise<readonly Window[][]> {
  const { records, organisation, window, most = mostSleepers } = query;
  const devices = query.devices.slice(0, most);
  const events = await records.events({
    ...{ organisation, devices, kinds: ["asleep", "awake"], most: mostEvents },
    from: window.from - longestSleepMs,
    to: window.to,
  });
  const byDevice = Map.groupBy(events, ({ device }) => device);
  return devices.map((device) => sleepSpans(byDevice.get(device) ?? [], window.to));
}

/**
 * The sleep that a device's events tell of, the oldest first. One that was told twice goes on; one
 * without its end ends after the longest night, or at `until`, if that is earlier.
 */
export function sleepSpans(events: readonly KeptEvent[], until: number): Window[] {
  const spans: Window[] = [];
  let from: number | undefined;
  const end = (to: number) => {
    if (from !== undefined && to > from)
      spans.push({ from, to: Math.min(to, from + longestSleepMs) });
    from = undefined;
  };
  for (const { kind, at } of events.toSorted((a, b) => a.at - b.at)) {
    if (kind === "asleep") from ??= at;
    else if (kind === "awake") end(at);
  }
  end(until);
  return spans;
}
