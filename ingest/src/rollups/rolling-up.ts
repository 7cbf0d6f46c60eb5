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
/** Frames of a quarter of an hour still come when it has ended: so long it is left alone. */
const lingerMs = 60_000;

/** Rolls up, soon after, what frames have touched: quarters of an hour that are over. */
export function rollingUp(parts: RollingParts, { log, signal, onStop }: Scope): void {
  const { rollUps, organisations, timeZones, clock, pace } = parts;
  let running: Promise<void> = Promise.resolve();

  const roll = async (organisation: string) => {
    try {
      const options = { organisation, timeZones: await timeZones(organisation), signal };
      const rolled = await rollUps.rollUp({ ...options, before: clock.now() - lingerMs });
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
