import type { Clock, DrivenClock, Driver, Scope } from "@sunledger/runtime";

export type TimeDrive = {
  /** The simulators' own clock: it goes ahead, so that devices show an instant before anybody polls it. */
  readonly clock: DrivenClock;
  readonly driver: Driver;
  /** How many times as fast as real time, if the programs keep up. */
  readonly speed: number;
  /** Real time. */
  readonly pace: Clock;
  /** Data time between two ticks; at most the fastest poll. */
  readonly stepMs?: number;
};

/** Lets time pass for the whole house until the signal is aborted. */
export async function driveTime(drive: TimeDrive, { log, signal }: Scope): Promise<void> {
  const { clock, driver, speed, pace, stepMs = 1_000 } = drive;
  let at = Math.ceil(clock.now() / stepMs) * stepMs;
  while (!signal.aborted) {
    const due = pace.now() + stepMs / speed;
    await clock.advance(at);
    const answered = await driver.tick(at).then(
      () => true,
      (err: unknown) => {
        log.warn({ err }, "time stands still");
        return false;
      },
    );
    // A program that is away gets the same instant again.
    if (answered) at += stepMs;
    await pace.wait(Math.max(0, due - pace.now()), signal);
  }
}
