import { chance, seedOf } from "./noise.ts";

const hour = 3_600_000;
/** Rain falls for hours on end. */
const spellHours = 3;
/** Out of a sky that clouds cover so far, and out of that share of such spells. */
const [leastCover, wetShare] = [0.85, 0.3];

export type Rain = {
  /** When it rained last before an instant, and not before another, Unix milliseconds; `undefined`: not in between. */
  lastBefore(at: number, since: number): number | undefined;
};

/** Rain out of the clouds over a plant, hour by hour, drawn from its seed: none falls where the sky stays clear. */
export function rainOver(seed: string, coverAt: (at: number) => number): Rain {
  const own = seedOf(seed, "rain");
  const falls = (place: number) =>
    chance(own, Math.floor(place / spellHours)) < wetShare &&
    coverAt((place + 0.5) * hour) > leastCover;

  /** By the hour they begin with: up to which hours were looked through, and the last of them in which it rained. */
  const known = new Map<number, { readonly to: number; readonly last: number | undefined }>();
  const lastWetHour = (from: number, to: number) => {
    const before = known.get(from);
    const isAhead = before === undefined || before.to > to;
    let last = isAhead ? undefined : before.last;
    for (let place = isAhead ? from : before.to; place < to; place += 1) {
      if (falls(place)) last = place;
    }
    known.set(from, { to, last });
    return last;
  };

  return {
    lastBefore(at, since) {
      const last = lastWetHour(Math.ceil(since / hour), Math.floor(at / hour));
      return last === undefined ? undefined : (last + 1) * hour;
    },
  };
}
