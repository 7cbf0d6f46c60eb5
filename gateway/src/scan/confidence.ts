import type { ScannedPoint } from "./scan-device.ts";

/** What speaks for a profile, once a device was read by it. */
export type Evidence = {
  /** Registers that name the map say what they should. */
  readonly identified: boolean;
  readonly points: readonly ScannedPoint[];
};

type Range = readonly [least: number, most: number];

/** What a quantity can be at a plant that runs: a map read wrongly soon leaves it. */
const byName: readonly (readonly [name: RegExp, range: Range])[] = [
  [/^(ac|grid)\.frequency$/, [45, 65]],
  [/^(ac|grid)\.voltage\.(an|bn|cn|ab|bc|ca)$/, [50, 36_000]],
  [/powerFactor/, [-1, 1]],
];
const byUnit: Readonly<Record<string, Range>> = {
  degC: [-60, 150],
  "W/m2": [-20, 2_000],
  V: [-50, 50_000],
  A: [-10_000, 10_000],
  W: [-1e9, 1e9],
  Wh: [0, 1e14],
};

/** A few points that fit may be chance: as if so many more had been looked at and did not. */
const doubted = 3;

/**
 * How sure it is that a profile describes what answers, in percent: the share of its points that
 * answer and of those that are plausible, and above all whether the device names itself. Without a
 * name nothing is surer than 70.
 */
export function confidenceOf({ identified, points }: Evidence): number {
  const answered = shareOf(points, ({ flag }) => flag !== "failed");
  const ranged = points.flatMap((point) => {
    const range = rangeOf(point);
    return range && point.value !== null ? [isWithin(Number(point.value), range)] : [];
  });
  const good = ranged.filter((one) => one).length;
  // The more that fits, the less it is chance; what does not fit counts against.
  const plausible = good / (ranged.length + doubted);
  const sure = identified
    ? 0.6 + 0.25 * answered + 0.15 * plausible
    : 0.35 * (answered + plausible);
  return Math.round(100 * sure);
}

function rangeOf({ point, unit }: ScannedPoint): Range | undefined {
  return byName.find(([name]) => name.test(point))?.[1] ?? byUnit[unit];
}

function isWithin(value: number, [least, most]: Range): boolean {
  return value >= least && value <= most;
}

function shareOf<T>(all: readonly T[], isOne: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(isOne).length / all.length;
}
