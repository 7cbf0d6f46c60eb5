/** What holds an inverter's power down: rating, export set-point, thermal derate; watts. */
export type PowerLimits = {
  readonly rating: number;
  readonly setPoint?: number | undefined;
  readonly derate?: number | undefined;
};

/** The limit in force. */
export function activeLimit({ rating, setPoint, derate }: PowerLimits): number {
  return Math.min(rating, setPoint ?? Number.POSITIVE_INFINITY, derate ?? Number.POSITIVE_INFINITY);
}

/** Whether the array could have given more than the limit lets through. */
export function isClipped(acPower: number, possiblePower: number, limit: number): boolean {
  return acPower >= 0.99 * limit && possiblePower > limit;
}

/**
 * Which records of one day are clipped, when no rating is known: those between the smallest and the
 * largest value of the day's flat tops. A top is a window whose values differ by less than 0.2 % of
 * their mean and stand above a tenth of the day's largest. Windows of 3 records suit fixed planes
 * at 15 min, 5 trackers.
 */
export function clippedByShape(powers: readonly number[], window = 3): boolean[] {
  const floor = 0.1 * Math.max(...powers, 0);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + window <= powers.length; i += 1) {
    const part = powers.slice(i, i + window);
    const smallest = Math.min(...part);
    const largest = Math.max(...part);
    const mean = part.reduce((sum, power) => sum + power, 0) / window;
    if (mean <= floor || largest - smallest >= 0.002 * mean) continue;
    low = Math.min(low, smallest);
    high = Math.max(high, largest);
  }
  return powers.map((power) => power >= low && power <= high);
}
