/** What was measured over one interval; `null` where it is not known. Powers in watts. */
export type PerformanceInterval = {
  /** In the array's plane, W/m². */
  readonly irradiance: number | null;
  /** °C */
  readonly moduleTemperature?: number | null;
  /** Generation; night consumption is negative. Generation, not export, where a load lies behind the meter. */
  readonly acPower: number | null;
  readonly dcPower?: number | null;
};

/** An interval whose irradiance and AC power are both known: only these enter a ratio. */
export type KnownInterval = PerformanceInterval & {
  readonly irradiance: number;
  readonly acPower: number;
};

/**
 * The intervals that a ratio may use: energy without irradiance, or irradiance without energy,
 * would shift it. Irradiance below 0, a pyranometer's night offset, counts as 0.
 */
export function knownIntervals(intervals: readonly PerformanceInterval[]): KnownInterval[] {
  const known: KnownInterval[] = [];
  for (const interval of intervals) {
    const { irradiance, acPower } = interval;
    if (irradiance === null || acPower === null) continue;
    known.push({ ...interval, irradiance: Math.max(irradiance, 0), acPower });
  }
  return known;
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
