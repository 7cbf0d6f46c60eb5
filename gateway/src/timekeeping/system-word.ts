import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

/** Whether somebody keeps the machine's clock right, as far as the system can tell. */
export type SystemWord = "synced" | "unsynced" | "unknown";

const run = promisify(execFile);
const answersWithinMs = 2_000;

/**
 * Asks in turn who may know: systemd, which reads the kernel's own word for whatever keeps the clock;
 * chrony, where there is no systemd; and the mark that systemd-timesyncd leaves once a boot.
 */
export async function systemWord(): Promise<SystemWord> {
  const timedated = await answerOf("timedatectl", ["show", "-p", "NTPSynchronized", "--value"]);
  const known = wordOfSystemd(timedated) ?? wordOfChrony(await answerOf("chronyc", ["tracking"]));
  if (known) return known;
  return existsSync("/run/systemd/timesync/synchronized") ? "synced" : "unknown";
}

/** What `timedatectl show -p NTPSynchronized --value` says, if anything. */
export function wordOfSystemd(answer: string): SystemWord | undefined {
  const said = answer.trim();
  return said === "yes" ? "synced" : said === "no" ? "unsynced" : undefined;
}

/** What the line `Leap status` of `chronyc tracking` says, if anything. */
export function wordOfChrony(answer: string): SystemWord | undefined {
  const [, said] = /^Leap status\s*:\s*(.+?)\s*$/m.exec(answer) ?? [];
  if (said === undefined) return undefined;
  return said === "Not synchronised" ? "unsynced" : "synced";
}

/** What the program says; nothing where it is absent, fails or takes too long. */
async function answerOf(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, args, { timeout: answersWithinMs, env: plainEnv() });
    return stdout;
  } catch {
    return "";
  }
}

/** Their words are read as in English. */
function plainEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C" };
}
