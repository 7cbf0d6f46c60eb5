import type { Logger } from "pino";
import { ConfigError } from "./config.ts";
import { logFormat, openLog } from "./log.ts";
import { untilAborted } from "./waiting.ts";

/** What a service needs while it runs. */
export type Scope = {
  readonly log: Logger;
  /** Aborted when the service is asked to stop: hand it to every loop and long wait. */
  readonly signal: AbortSignal;
  /** Registers the undoing of what was just started. Undone in reverse order. */
  onStop(name: string, stop: () => unknown): void;
};

/**
 * Runs one service from start to stop. It stops on SIGINT or SIGTERM, when its parent's channel
 * closes, or when starting fails; everything registered with `onStop` is undone, last started
 * first. Exits by running out of work, so that buffered logs and messages leave; after `graceMs`
 * it exits the hard way. Tells a parent process that it has started by the message `"started"`.
 */
export async function runService(
  name: string,
  start: (scope: Scope) => Promise<void>,
  options: RunOptions = {},
): Promise<void> {
  const live = async (scope: Scope) => {
    await start(scope);
    scope.log.info("started");
    process.send?.("started");
    await untilAborted(scope.signal);
    scope.log.info({ reason: scope.signal.reason }, "stopping");
  };
  const format = logFormat();
  const { log = openLog(name, format) } = options;
  const tell = (error: unknown) => {
    if (error instanceof ConfigError) log.fatal(error.message);
    else log.fatal({ err: error }, "could not start");
  };
  await run(live, { ...options, log, tell });
}

/**
 * Runs a program that ends by itself: like a service, but it stops when its work is done, with exit
 * code 0 or the one the work has set, or has failed, with 1. The work watches the signal and throws when
 * it is cut short. Where its log is for people, a failure is one sentence on standard error.
 */
export async function runJob(
  name: string,
  work: (scope: Scope) => Promise<void>,
  options: RunOptions = {},
): Promise<void> {
  const live = async (scope: Scope) => {
    process.send?.("started");
    await work(scope);
  };
  const format = logFormat();
  const { log = openLog(name, format) } = options;
  const tell = (error: unknown) => {
    if (format === "pretty") process.stderr.write(`Cannot ${name}: ${reasonOf(error)}\n`);
    else if (error instanceof ConfigError) log.fatal(error.message);
    else log.fatal({ err: error }, "failed");
  };
  await run(live, { ...options, log, tell });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses that were all tried in vain, Node makes an error without a message.
  return error.message || ("code" in error ? String(error.code) : error.name);
}

type RunOptions = { readonly graceMs?: number; readonly log?: Logger };

type Part = { readonly name: string; readonly stop: () => unknown };

type Running = RunOptions & { readonly log: Logger; readonly tell: (error: unknown) => void };

async function run(
  live: (scope: Scope) => Promise<void>,
  { graceMs = 10_000, log, tell }: Running,
): Promise<void> {
  const stopping = new AbortController();
  const started: Part[] = [];
  let undone = false;
  const undo = ({ name, stop }: Part) =>
    Promise.resolve()
      .then(stop)
      .catch((error: unknown) => log.error({ err: error }, `could not stop ${name}`));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stopping.abort(signal));
  }
  // A supervisor killed with -9 closes the channel: the one sign that reaches an orphan.
  process.once("disconnect", () => stopping.abort("the supervisor is gone"));

  try {
    const { signal } = stopping;
    // What is opened when all else is undone already would keep the process alive: undone at once.
    const onStop: Scope["onStop"] = (name, stop) =>
      void (undone ? undo({ name, stop }) : started.push({ name, stop }));
    await live({ log, signal, onStop });
  } catch (error) {
    tell(error);
    process.exitCode = 1;
    stopping.abort(error);
  }

  setTimeout(() => process.exit(process.exitCode ?? 1), graceMs).unref();
  for (const part of started.reverse()) await undo(part);
  undone = true;
  if (process.connected) process.disconnect();
}
