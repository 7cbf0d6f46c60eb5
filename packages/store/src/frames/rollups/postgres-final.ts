import type { PoolClient } from "pg";
import type { Place } from "../postgres-places.ts";
import { scanName, staleStretches } from "./postgres-stale.ts";
import { StaleBuckets } from "./stale-buckets.ts";
import { type Stretch, spanOf } from "./stretches.ts";

/** Throws `StaleBuckets` when frames of the places have come that the roll-ups do not hold. */
export async function refuseStale(
  client: PoolClient,
  places: readonly Place[],
  covered: Stretch,
): Promise<void> {
  const stale = await staleStretches(client, places, covered);
  const devices = places.filter((place) => stale.has(scanName(place))).map(({ id }) => id);
  if (devices.length === 0) return;
  throw new StaleBuckets([...new Set(devices)], spanOf([...stale.values()].flat()));
}
