import { readFileSync } from "node:fs";
import type { Clock } from "@sunledger/runtime";
import type { DataFolder } from "./data-folder.ts";
import { readRunningHouse } from "./running-house.ts";

/**
 * Waits until the programs of a house whose supervisor was killed are gone: they end by themselves
 * when its channel closes. One that is still there after `patienceMs` is killed.
 */
export async function awaitLeftovers(folder: DataFolder, clock: Clock, patienceMs = 8_000) {
  const programs = readRunningHouse(folder)?.programs ?? [];
  const pids = programs.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  const step = 100;
  for (let waited = 0; waited < patienceMs && pids.some(isOurs); waited += step) {
    await clock.wait(step);
  }
  for (const pid of pids.filter(isOurs)) process.kill(pid, "SIGKILL");
}

/** A process id may have been given to a stranger since: only what runs a `main.ts` is ours. */
function isOurs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    const zombie = / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/, ""));
    return !zombie && command.split("\0").some((part) => part.endsWith("main.ts"));
  } catch {
    return process.platform !== "linux";
  }
}
