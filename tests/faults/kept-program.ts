import { setTimeout as wait } from "node:timers/promises";
import { type Program, startProgram } from "../support/pipe.ts";

export type Environment = Readonly<Record<string, string>>;

/** A program that is started again when it ends by itself, as its supervisor would. */
export interface KeptProgram {
  readonly name: string;
  pid(): number | undefined;
  /** Resolves once it says that it has started. */
  start(more?: Environment): Promise<void>;
  /** Starts it to die by a failpoint; resolves when it has, `false` when it has not within the time. */
  startToDie(more: Environment, withinMs: number): Promise<boolean>;
  /** It is about to kill itself: the same of the one that runs. */
  dies(withinMs: number): Promise<boolean>;
  /** With -9; it stays down until it is started. */
  kill(): Promise<void>;
  /** What it has written in all its lives. */
  log(): string;
  /** Each time it ended without being told to, with its last words. */
  surprises(): readonly string[];
  stop(): Promise<void>;
}

const againMs = 250;

export function keptProgram(name: string, file: string, env: Environment): KeptProgram {
  const surprises: string[] = [];
  const lives: Program[] = [];
  let program: Program | undefined;
  let isWanted = false;

  const launch = async (more: Environment = {}): Promise<Program | undefined> => {
    while (isWanted) {
      try {
        const started = await startProgram(file, { ...env, ...more });
        lives.push(started);
        return started;
      } catch (error) {
        surprises.push(`${name} did not start: ${lastWords(String(error))}`);
        await wait(againMs);
      }
    }
    return undefined;
  };

  const start = async () => {
    isWanted = true;
    const launched = await launch();
    if (!isWanted) return void (await launched?.kill());
    program = launched;
    launched?.process.once("exit", (code, signal) => {
      if (!isWanted || program !== launched) return;
      surprises.push(`${name} ended by ${signal ?? code}: ${lastWords(launched.log())}`);
      setTimeout(() => void (isWanted && program === launched && start()), againMs);
    });
  };

  const kill = async () => {
    isWanted = false;
    await program?.kill();
    program = undefined;
  };

  const dies = async (withinMs: number) => {
    isWanted = false;
    const process = program?.process;
    if (!process) return false;
    const died = new Promise<boolean>((resolve) => {
      process.once("exit", (_code, signal) => resolve(signal === "SIGKILL"));
      if (process.signalCode !== null) resolve(process.signalCode === "SIGKILL");
    });
    const giveUp = new AbortController();
    const late = wait(withinMs, false, { signal: giveUp.signal }).catch(() => false);
    const isDead = await Promise.race([died, late]);
    giveUp.abort();
    await kill();
    return isDead;
  };

  return {
    name,
    pid: () => program?.process.pid,
    start,
    async startToDie(more, withinMs) {
      isWanted = true;
      const doomed = await launch(more);
      if (!doomed) return false;
      program = doomed;
      return dies(withinMs);
    },
    dies,
    kill,
    log: () => lives.map((life) => life.log()).join("\n"),
    surprises: () => [...surprises],
    async stop() {
      isWanted = false;
      await program?.stop();
      program = undefined;
    },
  };
}

function lastWords(log: string): string {
  return log.trim().split("\n").slice(-5).join("\n").slice(-2_000);
}
