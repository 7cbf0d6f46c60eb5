export const fleetPoints: readonly string[] = ["ac.power.active", "ac.frequency"];

/** What the device of that place shows so long after the beginning: no two instants or devices the same. */
export function fleetValues(sinceMs: number, place: number): number[] {
  return [2 * sinceMs + place / 4, 50];
}
