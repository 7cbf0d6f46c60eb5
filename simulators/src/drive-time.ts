import type { Clock, DrivenClock, Driver, Scope } from "@sunledger/runtime";

const realSecond = 1_000;

export type TimeDrive = {
  /** The simulators' own clock: it goes ahead, so that devices show an instant before anybody polls it. */
  readonly clock: DrivenClock;
  readonly driver: Driver;
  /** How many times as fast as real time, if the programs keep up. */
  readonly speed: number;
  /** Real time. */
  readonly pace: Clock;
  /** Data time between two ticks at least. */
  readonly stepMs?: number;
  /**
   * The programs that read the devices: time passes over nothing that one of them has to do. Others may be told late,
   * by a second of real time at most.
   */
  readonly readers?: readonly string[];
};

/**
 * Lets time pass for the whole house until the signal is aborted: by steps, and in one go to where a reader has
 * something to do again.
 */
export async function driveTime(drive: TimeDrive, { log, signal }: Scope): Promise<void> {
  const { clock, driver, speed, pace, stepMs = 1_000, readers = [] } = drive;
  const most = Math.max(1, Math.floor((speed * realSecond) / stepMs)) * stepMs;
  const after = (at: number) => {
    const next = Math.ceil((driver.nextDue(readers) ?? at) / stepMs) * stepMs;
    return Math.min(at + most, Math.max(at + stepMs, next));
  };
  let at = Math.ceil(clock.now() / stepMs) * stepMs;
  while (!signal.aborted) {
    const due = pace.now() + Math.max(stepMs, at - clock.now()) / speed;
    await clock.advance(at);
    const answered = await driver.tick(at).then(
      () => true,
      (err: unknown) => {
        // Who is told to stop leaves in the middle of a tick.
        if (!signal.aborted) log.warn({ err }, "time stands still");
        return false;
      },
    );
    // A program that is away gets the same instant again.
    if (answered) at = after(at);
    await pace.wait(Math.max(0, due - pace.now()), signal);
  }
}
