import type { Clock, Scope } from "@sunledger/runtime";
import type { Condition, Conditions, Mismatch, RollUps } from "@sunledger/store";
import type { Organisations } from "../organisations.ts";
import type { TimeZones } from "./time-zones.ts";

export type CheckingParts = {
  readonly rollUps: Pick<RollUps, "check" | "checkedDay" | "keepCheckedDay">;
  readonly conditions: Pick<Conditions, "keep">;
  readonly organisations: Organisations;
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
/** Between two days of a device frames are taken and stored as always. */
const restMs = 50;
/** Of so many days the sample is taken. */
const sampledDays = 365;

/** Compares the roll-ups of a night with the frames they are made of; a difference is a condition. */
export function checkingRollUps(parts: CheckingParts, { log, signal, onStop }: Scope): void {
  const { rollUps, conditions, organisations, timeZones, keepMinutesDays, clock, pace } = parts;
  let running: Promise<void> = Promise.resolve();

  const check = async (organisation: string, today: number) => {
    if ((await rollUps.checkedDay(organisation)) === today) return;
    const rest = () => pace.wait(restMs, signal);
    const common = {
      ...{ organisation, signal, rest, timeZones: await timeZones(organisation), seed: today },
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
    await conditions.keep(organisation, clock.now(), conditionsOf(found));
    if (signal.aborted) return;
    await rollUps.keepCheckedDay(organisation, today);
    const told = { organisation, days, mismatches: found.length };
    if (found.length > 0) log.error(told, "roll-ups differ from their frames");
    else log.info(told, "roll-ups checked");
  };

  const checkAll = async (today: number) => {
    for (const organisation of await organisations()) {
      if (signal.aborted) break;
      await check(organisation, today).catch((error: unknown) => {
        log.warn({ organisation, err: error }, "roll-ups could not be checked");
      });
    }
  };

  pace.every(
    lookEveryMs,
    () => {
      running = checkAll(Math.floor(clock.now() / dayMs));
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

/** One a device and point, over all that differs of it: a quarter that is wrong makes its day wrong too. */
function conditionsOf(found: readonly Mismatch[]): readonly Condition[] {
  const points = Map.groupBy(found, ({ device, point }) => JSON.stringify([device, point]));
  return [...points.values()].map((own): Condition => {
    const { device, point } = own[0] as Mismatch;
    return {
      ...{ subject: device, kind: "rollup_mismatch", channel: point },
      start: Math.min(...own.map(({ from }) => from)),
      end: Math.max(...own.map(({ to }) => to)),
      evidence: { differing: own.map(({ device: _, point: __, ...evidence }) => evidence) },
    };
  });
}
