import { timeZonesOf } from "../../ingest/src/rollups/time-zones.ts";
import type { StoredHouse } from "../support/stored.ts";
import { until } from "../support/until.ts";

const hour = 3_600_000;
const dayMs = 24 * hour;
/** All of these small plants. */
const most = 1_000;

/** What became of the roll-ups of all that is stored. */
export type RolledUp = {
  /** Quarters of an hour of a device and layout that there was something to roll up of. */
  readonly quarters: number;
  readonly wrong: readonly string[];
};

/**
 * Rolls up what frames have marked, as if the present quarter of an hour were over, and compares all of it with
 * what the frames come to (D-10, F10): a mark that was lost is a bucket that lacks something. No ingest runs,
 * or what it stores meanwhile would excuse its quarter.
 */
export async function judgeRollUps({
  organisation,
  records,
  store,
}: StoredHouse): Promise<RolledUp> {
  const { rollUps } = store;
  if (!rollUps) return { quarters: 0, wrong: ["the store rolls nothing up"] };
  const timeZones = await timeZonesOf(records)(organisation);
  const now = Date.now();
  let quarters = 0;
  await until("everything to be rolled up", async () => {
    const rolled = await rollUps.rollUp({ organisation, before: now + hour, timeZones });
    quarters += rolled.quarters;
    return rolled.passed === 0 && !rolled.more;
  });

  const today = Math.floor(now / dayMs);
  // Clocks were set back by a year.
  const days = [today - 366, today - 365, today - 1, today, today + 1];
  const told = { organisation, days, most, seed: 0, timeZones, minutesFrom: 0 };
  const { mismatches } = await rollUps.check(told);
  return { quarters, wrong: mismatches.map((one) => JSON.stringify(one)) };
}
