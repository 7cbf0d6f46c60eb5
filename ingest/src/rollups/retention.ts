import { latestInstant } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import type { FrameStore, RollUps } from "@sunledger/store";
import type { Organisations } from "../organisations.ts";
import type { TimeZones } from "./time-zones.ts";

export type RetentionParts = {
  readonly rollUps: Pick<RollUps, "keepMinutes" | "forgetMinutes">;
  /** Without roll-ups of all of its frames it forgets none: nothing would be left of them. */
  readonly frameStore: Pick<FrameStore, "forget" | "latest"> & { readonly rollsUpAll?: boolean };
  readonly organisations: Organisations;
  readonly timeZones: TimeZones;
  /** Values, open or packed, are kept for so many days; counters for ever. */
  readonly keepRawDays: number;
  /** Roll-ups of minutes are kept for so many days; longer ones for ever. */
  readonly keepMinutesDays: number;
  /** The time of the data, by which days are counted. */
  readonly clock: Clock;
  readonly pace: Clock;
};

const dayMs = 86_400_000;
const lookEveryMs = 600_000;
const everyMs = 6 * 3_600_000;

/**
 * Deletes what has been kept for long enough; of frames only what the roll-ups hold. A device of which nothing would
 * be left, as of one whose past was imported, keeps its values.
 */
export function retention(parts: RetentionParts, { log, signal, onStop }: Scope): void {
  const { rollUps, frameStore, organisations, timeZones, clock, pace } = parts;
  let running: Promise<void> = Promise.resolve();

  let ranAt = pace.now();

  const silentSince = async (organisation: string, since: number, devices: readonly string[]) => {
    const values = await frameStore.latest({ organisation, devices, now: latestInstant });
    const heard = new Set(values.filter(({ at }) => at >= since).map(({ device }) => device));
    return devices.filter((device) => !heard.has(device));
  };

  const forget = async (organisation: string, now: number) => {
    if (!frameStore.rollsUpAll) return 0;
    const before = now - parts.keepRawDays * dayMs;
    const from = now - parts.keepMinutesDays * dayMs;
    if (from < before) await rollUps.keepMinutes({ organisation, from, before, signal });
    if (signal.aborted) return 0;
    const devices = [...(await timeZones(organisation)).keys()];
    const except = await silentSince(organisation, before, devices);
    const what = { organisation, lane: "values", before, except } as const;
    return frameStore.forget({ ...what, unlessStale: true });
  };

  const drop = async (organisation: string) => {
    const now = clock.now();
    const frames = await forget(organisation, now);
    if (signal.aborted) return;
    const before = now - parts.keepMinutesDays * dayMs;
    const hours = await rollUps.forgetMinutes({ organisation, before });
    if (frames + hours > 0) log.info({ organisation, frames, hours }, "old values deleted");
  };
  const dropAll = async () => {
    for (const organisation of await organisations()) {
      if (signal.aborted) break;
      await drop(organisation).catch((error: unknown) => {
        log.warn({ organisation, err: error }, "old values could not be deleted");
      });
    }
  };

  pace.every(
    lookEveryMs,
    () => {
      if (pace.now() - ranAt < everyMs) return undefined;
      ranAt = pace.now();
      running = dropAll();
      return running;
    },
    signal,
  );
  onStop("retention", () => running);
}
