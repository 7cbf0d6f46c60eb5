import type { Clock, Scope } from "@sunledger/runtime";
import type { OpenFrameStore } from "@sunledger/store";
import type { Organisations } from "../organisations.ts";

export type PackingParts = {
  readonly packDays: NonNullable<OpenFrameStore["packDays"]>;
  readonly organisations: Organisations;
  /** So long the days stay open, after they have ended. */
  readonly afterDays: number;
  /** The time of the data. */
  readonly clock: Clock;
  /** The pace of the work: real time. */
  readonly pace: Clock;
};

const dayMs = 86_400_000;
const everyMs = 600_000;
/** Between two days frames are taken and stored as always. */
const restMs = 100;

/** Packs the days that have been open for long enough, now and then and without haste. */
export function packingOldDays(parts: PackingParts, { log, signal, onStop }: Scope): void {
  const { packDays, organisations, afterDays, clock, pace } = parts;
  let running: Promise<void> = Promise.resolve();

  const pack = async (organisation: string) => {
    const before = clock.now() - afterDays * dayMs;
    const rest = () => pace.wait(restMs, signal);
    try {
      const packed = await packDays({ organisation, before, signal, rest });
      if (packed.days > 0) log.info({ organisation, ...packed }, "old days packed");
    } catch (error) {
      log.warn({ organisation, err: error }, "old days could not be packed");
    }
  };
  const packAll = async () => {
    for (const organisation of await organisations()) {
      if (!signal.aborted) await pack(organisation);
    }
  };

  pace.every(
    everyMs,
    () => {
      running = packAll();
      return running;
    },
    signal,
  );
  onStop("packing", () => running);
}
