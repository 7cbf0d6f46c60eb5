import { seedOf, smoothstep, wander } from "./noise.ts";

const minute = 60_000;
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

/**
 * Clouds that pass over a plant, drawn from its seed. Weather changes over hours to days; single
 * clouds pass within minutes, and their edges take half a minute to a few: ramps as sensors see them.
 */
export function cloudField(seed: string): CloudField {
  const [days, hours, large, middle, small, edge, depth] = [
    "days",
    "hours",
    "large",
    "middle",
    "small",
    "edge",
    "depth",
  ].map((part) => seedOf(seed, "clouds", part)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];

  const coverAt = (at: number): number => {
    const mood = 0.62 * wander(days, at / (31 * hour)) + 0.38 * wander(hours, at / (4.5 * hour));
    // Stretched, so that wholly clear and wholly grey days occur.
    return smoothstep((mood - 0.22) / 0.62);
  };

  const beamAt = (at: number, cover: number): number => {
    const field =
      0.46 * wander(large, at / (21 * minute)) +
      0.3 * wander(middle, at / (7 * minute)) +
      0.17 * wander(small, at / (2.4 * minute)) +
      0.07 * wander(edge, at / (0.7 * minute));
    const shade = smoothstep((field - (0.9 - 0.84 * cover)) / 0.11);
    return 1 - shade * (0.68 + 0.3 * wander(depth, at / (50 * minute)));
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
