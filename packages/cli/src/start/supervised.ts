import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { setPriority } from "node:os";
import type { Clock } from "@sunledger/runtime";
import { lastWords, lengthOf, openLog } from "./log-file.ts";
import { birthOf } from "./process-birth.ts";
import type { RunningProgram } from "./running-house.ts";

/** A program as it is to be run. */
export type Plan = {
  readonly name: string;
  readonly file: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Ends by itself when its work is done; not run again after that. */
  readonly once?: boolean;
  /** Gives way to the others. */
  readonly background?: boolean;
};

export type Death = { readonly how: string; readonly lastWords?: string; readonly nextMs: number };

export type Supervised = {
  readonly name: string;
  /** Resolves once the program has said that it started, or has died before it could. */
  readonly firstTry: Promise<"started" | Death>;
  /** Resolves once it has ended for good. */
  readonly ended: Promise<void>;
  state(): RunningProgram;
  /** Starts it anew at once, as after a change of its sources. */
  restart(): void;
  /** Asks it to stop and resolves when it has. */
  stop(): Promise<void>;
  /** Ends it the hard way. */
  kill(): void;
};

type Parts = {
  readonly clock: Clock;
  readonly logFile: string;
  readonly onChange: () => void;
  readonly onDeath: (name: string, death: Death) => void;
};

const firstDelayMs = 500;
const longestDelayMs = 30_000;
const healthyMs = 60_000;

/**
 * Keeps a program running: started anew whenever it dies, after a wait that doubles from half a
 * second to half a minute and is short again once it lived for a minute.
 */
export function supervise(plan: Plan, { clock, logFile, onChange, onDeath }: Parts): Supervised {
  const stopping = new AbortController();
  const firstTry = Promise.withResolvers<"started" | Death>();
  let child: ChildProcess | undefined;
  let born: string | undefined;
  /** Where in its log the present run began. */
  let logFrom = 0;
  let current: RunningProgram["state"] = "starting";
  let restarts = 0;
  let restarting = false;

  const become = (state: RunningProgram["state"]) => {
    current = state;
    onChange();
  };

  const live = async (): Promise<End> => {
    ({ child, logFrom } = launch(plan, logFile));
    born = child.pid === undefined ? undefined : birthOf(child.pid);
    child.on("message", (message) => {
      if (message !== "started") return;
      become("running");
      firstTry.resolve("started");
    });
    become("starting");
    const end = await endOf(child);
    child = undefined;
    return end;
  };

  /** Says that it died, and waits before it is started again. */
  const mourn = async ({ how, ofItself }: End, nextMs: number) => {
    const words = ofItself ? lastWords(logFile, logFrom) : undefined;
    const death: Death = { how, nextMs, ...(words && { lastWords: words }) };
    restarts += 1;
    become("waiting");
    onDeath(plan.name, death);
    firstTry.resolve(death);
    await clock.wait(nextMs, stopping.signal);
  };

  const keepAlive = async (): Promise<RunningProgram["state"]> => {
    let delay = firstDelayMs;
    while (!stopping.signal.aborted) {
      const began = clock.now();
      restarting = false;
      const end = await live();
      if (plan.once && end.how === done) return "done";
      if (restarting || stopping.signal.aborted) continue;
      if (clock.now() - began >= healthyMs) delay = firstDelayMs;
      await mourn(end, delay);
      delay = Math.min(delay * 2, longestDelayMs);
    }
    return "stopped";
  };
  const ended = keepAlive().then((state) => {
    become(state);
    firstTry.resolve({ how: "stopped", nextMs: 0 });
  });

  return {
    name: plan.name,
    firstTry: firstTry.promise,
    ended,
    state: () => ({
      name: plan.name,
      state: current,
      restarts,
      ...(child?.pid !== undefined && { pid: child.pid }),
      ...(child && born !== undefined && { born }),
      ...(plan.port !== undefined && { port: plan.port }),
    }),
    restart() {
      if (!child) return;
      restarting = true;
      child.kill("SIGTERM");
    },
    stop() {
      stopping.abort();
      child?.kill("SIGTERM");
      return ended;
    },
    kill() {
      stopping.abort();
      child?.kill("SIGKILL");
    },
  };
}

/**
 * In a process group of its own, so that Ctrl-C reaches the supervisor alone; with its output in a
 * file, so that it never writes to a broken pipe; with a channel that closes when we die.
 */
function launch(plan: Plan, logFile: string): { child: ChildProcess; logFrom: number } {
  const log = openLog(logFile);
  const logFrom = lengthOf(log);
  const args = [plan.file, ...(plan.args ?? [])];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", log, log, "ipc"],
    detached: process.platform !== "win32",
    env: plan.env,
  });
  closeSync(log);
  if (plan.background && child.pid) setPriority(child.pid, 10);
  return { child, logFrom };
}

/** `ofItself`: it failed, so that its log may say why. What another did to it, its log knows nothing of. */
type End = { readonly how: string; readonly ofItself: boolean };

const done = "exit code 0";
/** What a program brings upon itself; every other signal comes from outside. */
const ownSignals = ["SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP"];

async function endOf(child: ChildProcess): Promise<End> {
  try {
    const [code, signal] = await once(child, "exit");
    if (code === null) return { how: `signal ${signal}`, ofItself: ownSignals.includes(signal) };
    const how = `exit code ${code}`;
    return { how, ofItself: how !== done };
  } catch (error) {
    return { how: `could not be run: ${(error as Error).message}`, ofItself: false };
  }
}
