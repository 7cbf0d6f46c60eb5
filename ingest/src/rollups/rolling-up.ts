import type { Clock, Scope } from "@sunledger/runtime";
import type { RollUps } from "@sunledger/store";
import type { Organisations } from "../organisations.ts";
import type { TimeZones } from "./time-zones.ts";

export type RollingParts = {
  readonly rollUps: Pick<RollUps, "rollUp">;
  readonly organisations: Organisations;
  readonly timeZones: TimeZones;
  /** The time of the data. */
  readonly clock: Clock;
  /** The pace of the work: real time. */
  readonly pace: Clock;
};

const everyMs = 30_000;
/**
 * What is rolled up is written by hours: each is left alone until it has ended, and so much longer, as frames of it
 * still come.
 */
const hourMs = 3_600_000;
const lingerMs = 60_000;
/** Between two days of a device frames are taken and stored as always. */
const restMs = 5;

/** Rolls up, soon after, what frames have touched: hours that are over. */
export function rollingUp(parts: RollingParts, { log, signal, onStop }: Scope): void {
  const { rollUps, organisations, timeZones, clock, pace } = parts;
  let running: Promise<void> = Promise.resolve();

  /** Whether there is more to do for it at once. */
  const roll = async (organisation: string): Promise<boolean> => {
    try {
      const rest = () => pace.wait(restMs, signal);
      const options = { organisation, timeZones: await timeZones(organisation), signal, rest };
      const before = Math.floor((clock.now() - lingerMs) / hourMs) * hourMs;
      const rolled = await rollUps.rollUp({ ...options, before });
      if (rolled.quarters > 0) log.debug({ organisation, ...rolled }, "rolled up");
      return rolled.more && rolled.quarters > 0;
    } catch (error) {
      log.warn({ organisation, err: error }, "could not be rolled up");
      return false;
    }
  };
  /** In turns: whoever has a year to roll up keeps nobody's last hour waiting. */
  const rollAll = async () => {
    let waiting = await organisations();
    while (waiting.length > 0) {
      const again: string[] = [];
      for (const organisation of waiting) {
        if (signal.aborted) return;
        if (await roll(organisation)) again.push(organisation);
      }
      waiting = again;
    }
  };

  pace.every(
    everyMs,
    () => {
      running = rollAll();
      return running;
    },
    signal,
  );
  onStop("rolling up", () => running);
}
