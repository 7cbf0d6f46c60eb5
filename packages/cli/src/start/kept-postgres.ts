import type { Clock } from "@sunledger/runtime";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@sunledger/store";
import { messageOf } from "../plain-error.ts";
import type { EventLog } from "./event-log.ts";
import { boundLog } from "./log-file.ts";
import type { RunningProgram } from "./running-house.ts";

type Parts = {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: EventLog;
  /** Whether the data may be moved where the server cannot be run else. */
  readonly mayMove?: boolean;
  /** Hears when the server was lost, why it cannot be started again, and how it came back. */
  readonly onLoss?: (reason: string) => void;
  readonly onChange?: () => void;
};

export type KeptPostgres = Pick<
  EmbeddedPostgres,
  "appUrl" | "ownerUrl" | "superuserUrl" | "stop"
> & {
  state(): RunningProgram;
};

const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** How often the server's log is looked at: it does not grow far beyond its bound in that time. */
const boundEveryMs = 10_000;

/**
 * The embedded server, started again on the same port whenever it is lost. Its log is kept within the
 * bound of every program's.
 */
export async function keepPostgres(parts: Parts): Promise<KeptPostgres> {
  const { dataDir, clock, log, mayMove = false, onLoss = () => {}, onChange = () => {} } = parts;
  const options = { dataDir, log, name: "sunledger start", mayMove };
  const stopping = new AbortController();
  const { signal } = stopping;
  let restarts = 0;
  let state: RunningProgram["state"] = "running";
  let server = await startEmbeddedPostgres(options);
  const { port } = server;

  const become = (next: RunningProgram["state"]) => {
    state = next;
    onChange();
  };

  /** Says each thing once, however often it is tried. */
  let said: string | undefined;
  const say = (what: string) => {
    if (what !== said) onLoss(what);
    said = what;
  };

  const startAgain = async () => {
    let delay = firstDelayMs;
    while (!signal.aborted) {
      try {
        return await startEmbeddedPostgres({ ...options, port });
      } catch (error) {
        say(`it could not be started again: ${messageOf(error)}`);
        await clock.wait(delay, signal);
        delay = Math.min(delay * 2, longestDelayMs);
      }
    }
    return undefined;
  };

  const keep = async () => {
    while (!signal.aborted) {
      await Promise.race([server.lost, aborted(signal)]);
      if (signal.aborted) return;
      const lost = server;
      log.warn({ pid: lost.pid }, "database lost");
      say("its connections broke");
      become("waiting");
      server = (await startAgain()) ?? lost;
      if (server === lost) return;
      lost.letGo();
      // A server of which one process crashed ends all sessions and recovers without being started.
      if (server.pid === lost.pid)
        say("it has recovered by itself, as after a crash of one session");
      else {
        restarts += 1;
        say("it had ended and was started again");
      }
      said = undefined;
      become("running");
    }
  };
  const kept = keep();

  const boundItsLog = () => boundLog(server.logFile);
  boundItsLog();
  clock.every(boundEveryMs, boundItsLog, signal);

  return {
    appUrl: server.appUrl,
    ownerUrl: server.ownerUrl,
    superuserUrl: server.superuserUrl,
    state: () => ({
      ...{ name: "postgres", state, pid: server.pid, port, restarts },
      log: server.logFile,
    }),
    async stop() {
      stopping.abort();
      await kept;
      await server.stop();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}
