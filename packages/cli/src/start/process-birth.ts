import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells a process from a later one with the same number: when it began, in the machine's own
 * words. `undefined` when there is no such process, when it is dead but not yet reaped, or when the
 * machine does not say.
 */
export function birthOf(pid: number): string | undefined {
  try {
    return process.platform === "linux" ? birthInProc(pid) : birthByPs(pid);
  } catch {
    return undefined;
  }
}

/** Ticks since the machine began, which is only unique together with that. */
function birthInProc(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // A command's name stands in brackets and may hold anything; the state behind it is field 3.
  const [state, ...others] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return undefined;
  const machine = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${machine} ${others[18]}`;
}

function birthByPs(pid: number): string | undefined {
  const args = ["-o", "stat=,lstart=", "-p", String(pid)];
  const said = execFileSync("ps", args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  const [state = "", ...start] = said.trim().split(/\s+/);
  return state.startsWith("Z") || start.length === 0 ? undefined : start.join(" ");
}

/** Whether there is a process of that number at all, whoever's it is. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
