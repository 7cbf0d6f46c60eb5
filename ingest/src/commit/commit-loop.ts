import type { Clock, Scope } from "@sunledger/runtime";
import { isSeriesIll } from "@sunledger/store";
import type { Layouts } from "../accept/layouts.ts";
import type { Counters } from "../counters.ts";
import { RecordsAway } from "../gateways/records-away.ts";
import type { Holes } from "./holes.ts";
import type { Intake } from "./intake.ts";
import type { Resets } from "./resets.ts";

export type CommitLoop = {
  /** There may be something to do. */
  kick(): void;
  /** What is away that the last commit failed for. */
  away(): Away | undefined;
  /** Resolves once the service stops and the commit under way is done. */
  readonly ended: Promise<void>;
};

export type CommitLoopParts = {
  readonly commit: () => Promise<void>;
  readonly intake: Intake;
  readonly layouts: Pick<Layouts, "hasAnnounced">;
  readonly holes: Holes;
  readonly resets: Resets;
  readonly counters: Counters;
  readonly commitMs: number;
  readonly pace: Clock;
};

/** With so much waiting, a commit is worth its while at once. */
const plentyBytes = 512 * 1024;
const holesEveryMs = 250;
const mostWaitMs = 5_000;

/**
 * One commit after another, as long as there is something to commit. While the store is away it
 * goes on trying, more and more rarely; it recovers alone (D-8).
 */
export function commitLoop(parts: CommitLoopParts, { log, signal }: Scope): CommitLoop {
  const { commit, intake, layouts, holes, resets, counters, commitMs, pace } = parts;
  const bell = doorbell(signal);
  let failures = 0;
  let away: Away | undefined;
  /** Failures without a commit in between: while some gateways are served, these wait briefly. */
  let standstills = 0;

  const attempt = async () => {
    const { commits } = counters;
    try {
      await commit();
      if (away) log.info({ attempts: failures }, `the ${away} is back`);
      failures = 0;
      away = undefined;
      standstills = 0;
    } catch (error) {
      failures += 1;
      standstills = counters.commits > commits ? 1 : standstills + 1;
      const part = awayBy(error);
      counters[failureCount[part]] += 1;
      if (part !== away) log.error({ err: error }, sayings[part]);
      else log.debug({ err: error, attempts: failures }, `the ${part} is still away`);
      away = part;
      await pace.wait(Math.min(100 * 2 ** standstills, mostWaitMs), signal);
      bell.ring();
    }
  };

  const run = async () => {
    while (!signal.aborted) {
      await bell.rung();
      if (intake.bytes < plentyBytes) await pace.wait(commitMs, signal);
      if (signal.aborted) return;
      await attempt();
      if (intake.size > 0 || layouts.hasAnnounced()) bell.ring();
    }
  };

  const lookForHoles = () => {
    for (const { gateway, epoch } of holes.due()) {
      log.debug({ gateway, epoch }, "numbers are missing");
      resets.ask(gateway, epoch);
      bell.ring();
    }
  };
  pace.every(holesEveryMs, lookForHoles, signal);

  return { kick: bell.ring, away: () => away, ended: run() };
}

/** The part that a commit fails for. */
export type Away = "frame store" | "store of time series" | "records' database";

function awayBy(error: unknown): Away {
  if (error instanceof RecordsAway) return "records' database";
  return isSeriesIll(error) ? "store of time series" : "frame store";
}

const failureCount = {
  "frame store": "storeFailures",
  "store of time series": "storeFailures",
  "records' database": "recordsFailures",
} as const satisfies Record<Away, keyof Counters>;

const sayings: Readonly<Record<Away, string>> = {
  "frame store": "the frame store is away: nothing is acknowledged",
  "store of time series": "the store of time series takes nothing: no values are acknowledged",
  "records' database":
    "the records' database is away: gateways that were not met before are not acknowledged",
};

/** Many rings before somebody looks are one. */
function doorbell(signal: AbortSignal) {
  let hasRung = false;
  let answer = () => {};
  const ring = () => {
    hasRung = true;
    answer();
  };
  signal.addEventListener("abort", ring, { once: true });
  return {
    ring,
    async rung() {
      while (!hasRung) {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      }
      hasRung = false;
    },
  };
}
