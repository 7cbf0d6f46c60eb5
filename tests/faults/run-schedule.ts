import { setTimeout as wait } from "node:timers/promises";
import type { FaultHouse } from "./fault-house.ts";
import { type Fault, inWords } from "./fault-schedule.ts";
import { strike } from "./strike.ts";

/** A fault as it happened, Unix milliseconds. */
export type Incident = {
  readonly fault: Fault;
  readonly from: number;
  readonly to: number;
  /** Why it did not come about as it was meant to. */
  readonly failed?: string;
};

/**
 * Lets the faults of a schedule happen at their times, and resolves when the last one is mended. What a
 * program needs to come back may take longer than was planned: the next fault of the same target waits.
 */
export async function runSchedule(
  house: FaultHouse,
  faults: readonly Fault[],
  say: (line: string) => void = () => {},
): Promise<readonly Incident[]> {
  const begin = performance.now();
  const incidents: Incident[] = [];
  const happen = async (fault: Fault) => {
    await wait(Math.max(0, fault.at - (performance.now() - begin)));
    const from = Date.now();
    say(inWords(fault));
    let failed: string | undefined;
    try {
      const mend = await strike(house, fault);
      await wait(Math.max(0, from + fault.lastsMs - Date.now()));
      await mend();
    } catch (error) {
      failed = String(error);
    }
    incidents.push({ fault, from, to: Date.now(), ...(failed !== undefined && { failed }) });
  };
  const ofTargets = Map.groupBy(faults, ({ target }) => target);
  await Promise.all(
    [...ofTargets.values()].map(async (own) => {
      for (const fault of own) await happen(fault);
    }),
  );
  return incidents.sort((a, b) => a.from - b.from);
}
