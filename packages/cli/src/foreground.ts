import { spawn } from "node:child_process";
import { type ProgramName, programFile } from "./programs.ts";

type Run = {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Hears what the program says over the channel. */
  readonly onMessage?: (message: unknown) => void;
};

/** Told to a program that ends by itself: whoever called it reads what it says, on a terminal or not. */
export function forPeople(): Record<string, string> {
  return { SUNLEDGER_LOG_FORMAT: process.env.SUNLEDGER_LOG_FORMAT || "pretty" };
}

/**
 * Runs a program in this terminal until it ends, hands signals on to it, and takes over its exit
 * code. The program has a process group of its own, so that Ctrl-C reaches it once; the channel
 * between us tells it when we are killed.
 */
export async function runInForeground(program: ProgramName, run: Run = {}) {
  const { args = [], env = {}, onMessage = () => {} } = run;
  const child = spawn(process.execPath, [programFile(program), ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: process.platform !== "win32",
    env: { ...process.env, ...env },
  });
  child.on("message", onMessage);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const orphaned = () => void child.kill("SIGTERM");
  for (const signal of signals) process.on(signal, handOn);
  process.once("disconnect", orphaned);

  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
  for (const signal of signals) process.off(signal, handOn);
  process.off("disconnect", orphaned);
}
