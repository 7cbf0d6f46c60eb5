import type { Clock, Scope } from "@sunledger/runtime";
import type { RollUps } from "@sunledger/store";
import type { TimeZones } from "./time-zones.ts";

export type RollingParts = {
  readonly rollUps: Pick<RollUps, "rollUp">;
  /** Those whose gateways were heard. */
  readonly organisations: () => Iterable<string>;
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

  const roll = async (organisation: string) => {
    try {
      const rest = () => pace.wait(restMs, signal);
      const options = { organisation, timeZones: await timeZones(organisation), signal, rest };
      const before = Math.floor((clock.now() - lingerMs) / hourMs) * hourMs;
      const rolled = await rollUps.rollUp({ ...options, before });
      if (rolled.quarters > 0) log.debug({ organisation, ...rolled }, "rolled up");
    } catch (error) {
      log.warn({ organisation, err: error }, "could not be rolled up");
    }
  };
  const rollAll = async () => {
    for (const organisation of [...organisations()]) {
      if (!signal.aborted) await roll(organisation);
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
