import { seedOf, smoothstep, wander } from "./noise.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** What clouds do to the light of a clear sky. */
export type Clouds = {
  /** How much of the sky they cover over the hour, 0 to 1. */
  readonly cover: number;
  /** The share of the direct light that comes through. */
  readonly beam: number;
};

export type CloudField = {
  at(instant: number): Clouds;
  /** The beam's share alone, for a spot that the same clouds reach later. */
  beamAt(instant: number, cover: number): number;
  coverAt(instant: number): number;
};

/** What the sky is like: days of all kinds that pass, or one kind that stays. */
export type SkyKind = "passing" | "clear" | "broken" | "overcast";

/**
 * Clouds that pass over a plant, drawn from its seed. Weather changes over hours to days; single
 * clouds pass within minutes. Their edges take half a minute to a few, and neither a cloud nor a gap
 * between clouds is all even: the ramps of a broken sky are distributed as measured ones.
 */
export function cloudField(seed: string, kind: SkyKind = "passing"): CloudField {
  const part = (name: string) => seedOf(seed, "clouds", name);
  const [days, hours, large, middle, small, edge, depth, grain, haze] = [
    part("days"),
    part("hours"),
    part("large"),
    part("middle"),
    part("small"),
    part("edge"),
    part("depth"),
    part("grain"),
    part("haze"),
  ];

  const moods: Record<SkyKind, (at: number) => number> = {
    passing: (at) => {
      const mood = 0.62 * wander(days, at / (31 * hour)) + 0.38 * wander(hours, at / (4.5 * hour));
      // Stretched, so that wholly clear and wholly grey days occur.
      return smoothstep((mood - 0.22) / 0.62);
    },
    clear: () => 0,
    broken: (at) => 0.4 + 0.25 * wander(hours, at / (1.5 * hour)),
    overcast: (at) => 0.95 + 0.05 * wander(hours, at / (4.5 * hour)),
  };
  const coverAt = moods[kind];

  const beamAt = (at: number, cover: number): number => {
    const field =
      0.46 * wander(large, at / (21 * minute)) +
      0.3 * wander(middle, at / (7 * minute)) +
      0.17 * wander(small, at / (2.4 * minute)) +
      0.07 * wander(edge, at / (0.7 * minute));
    const shade = smoothstep((field - (0.9 - 0.84 * cover)) / edgeWidth);
    const thick = thinnest + (0.98 - thinnest) * wander(depth, at / (6 * minute));
    const uneven =
      Math.min(1, 5 * cover) *
      (0.6 * wander(grain, at / (22 * second)) + 0.4 * wander(haze, at / (1.6 * minute)));
    return (1 - shade * thick) * (1 - unevenness * uneven);
  };

  return {
    at: (instant) => {
      const cover = coverAt(instant);
      return { cover, beam: beamAt(instant, cover) };
    },
    beamAt,
    coverAt,
  };
}

/** How much of the field lies between a gap and the inside of a cloud. */
const edgeWidth = 0.16;
/** What the thinnest cloud takes of the direct light. */
const thinnest = 0.45;
/** How much light the unevenness of a broken sky takes at most. */
const unevenness = 0.12;
