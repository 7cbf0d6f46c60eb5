import type { DeviceReplacements, KeptEvent } from "@sunledger/model";
import { decimalText } from "@sunledger/model/decimal";
import { carriedOver } from "../devices/counter-breaks.ts";

/** So long after its exchange a device's slowest counter has been read for the first time. */
const firstReadMs = 60 * 60_000;

/** What a device's events tell of the devices that stood in its place. */
export function replacementsOf(events: readonly KeptEvent[]): DeviceReplacements {
  const exchanges = events
    .filter(({ kind }) => kind === "replaced")
    .toSorted((a, b) => b.at - a.at);
  const breaks = events.filter(({ kind }) => kind !== "replaced").toSorted((a, b) => a.at - b.at);

  const replacements = exchanges.map(({ at, before, after, by }, i) => {
    const until = Math.min(at + firstReadMs, exchanges[i - 1]?.at ?? Number.POSITIVE_INFINITY);
    const first = new Map<string, KeptEvent>();
    for (const one of breaks) {
      if (one.at < at || one.at >= until || first.has(one.point)) continue;
      first.set(one.point, one);
    }
    const counters = [...first.values()].map((one) => {
      return { point: one.point, before: one.before, after: one.after };
    });
    return { at, before, after, ...(by && { by }), counters };
  });

  const byPoint = [...Map.groupBy(breaks, ({ point }) => point)].sort();
  const carried = byPoint.map(([point, of]) => ({ point, by: decimalText(carriedOver(of)) }));
  return { replacements, carried };
}
