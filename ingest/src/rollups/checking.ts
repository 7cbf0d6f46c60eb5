import type { Clock, Scope } from "@sunledger/runtime";
import type { Conditions, Mismatch, RollUps } from "@sunledger/store";
import type { TimeZones } from "./time-zones.ts";

export type CheckingParts = {
  readonly rollUps: Pick<RollUps, "check">;
  readonly conditions: Pick<Conditions, "keep">;
  readonly organisations: () => Iterable<string>;
  readonly timeZones: TimeZones;
  /** Roll-ups of minutes are kept for so many days. */
  readonly keepMinutesDays: number;
  readonly clock: Clock;
  readonly pace: Clock;
};

const dayMs = 86_400_000;
const lookEveryMs = 600_000;
/** Of the day that has just ended so many devices and layouts are compared, and a few of days before. */
const mostOfYesterday = 200;
const mostOfBefore = 20;
const daysBefore = 10;
/** Of so many days the sample is taken. */
const sampledDays = 365;

/** Compares the roll-ups of a night with the frames they are made of; a difference is a condition. */
export function checkingRollUps(parts: CheckingParts, { log, signal, onStop }: Scope): void {
  const { rollUps, conditions, organisations, timeZones, keepMinutesDays, clock, pace } = parts;
  let running: Promise<void> = Promise.resolve();
  /** The day of UTC of which the night's check is done. */
  let checkedDay = Math.floor(clock.now() / dayMs);

  const check = async (organisation: string, today: number) => {
    const common = {
      ...{ organisation, signal, timeZones: await timeZones(organisation), seed: today },
      minutesFrom: clock.now() - keepMinutesDays * dayMs,
    };
    const yesterday = { days: [today - 1], most: mostOfYesterday };
    const before = { days: sampleOf(today), most: mostOfBefore };
    const found: Mismatch[] = [];
    let days = 0;
    for (const wanted of [yesterday, before]) {
      const checked = await rollUps.check({ ...common, ...wanted });
      days += checked.days;
      found.push(...checked.mismatches);
    }
    await conditions.keep(organisation, clock.now(), found.map(conditionOf));
    const told = { organisation, days, mismatches: found.length };
    if (found.length > 0) log.error(told, "roll-ups differ from their frames");
    else log.info(told, "roll-ups checked");
  };

  const checkAll = async (today: number) => {
    for (const organisation of [...organisations()]) {
      if (signal.aborted) break;
      await check(organisation, today).catch((error: unknown) => {
        log.warn({ organisation, err: error }, "roll-ups could not be checked");
      });
    }
  };

  pace.every(
    lookEveryMs,
    () => {
      const today = Math.floor(clock.now() / dayMs);
      if (today === checkedDay) return undefined;
      checkedDay = today;
      running = checkAll(today);
      return running;
    },
    signal,
  );
  onStop("checking roll-ups", () => running);
}

/** Days before yesterday, others each night, each within a year or so. */
function sampleOf(today: number): readonly number[] {
  return Array.from({ length: daysBefore }, (_, i) => {
    const stride = Math.floor(sampledDays / daysBefore);
    return today - 2 - i * stride - (today % stride);
  });
}

function conditionOf({ device, point, from, to, ...evidence }: Mismatch) {
  return {
    ...{ subject: device, kind: "rollup_mismatch", channel: point, start: from, end: to },
    evidence,
  };
}
