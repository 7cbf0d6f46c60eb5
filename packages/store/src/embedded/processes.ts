import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const onLinux = process.platform === "linux";

/** Whether there is such a process that still runs: one that is dead but not yet reaped does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !(await isZombie(pid));
}

/** Whether a number stands in the process table, be it only as a dead process nobody has reaped. */
export function isListed(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function isZombie(pid: number): Promise<boolean> {
  if (!onLinux) return false;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return /\) [ZX] /.test(stat.slice(stat.lastIndexOf(")")));
}

/** Whether the process is a PostgreSQL server over that data folder. */
export async function isServerOf(pid: number, data: string): Promise<boolean> {
  const line = await commandLine(pid);
  return line.includes("postgres") && line.includes(data);
}

async function commandLine(pid: number): Promise<string> {
  if (onLinux) return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const found = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)]).catch(
    () => undefined,
  );
  return found?.stdout ?? "";
}

/** Whether a process works in that folder: each process of a server does in its data. */
export async function somebodyWorksIn(folder: string): Promise<boolean> {
  if (!onLinux) return false;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => "")));
  return places.includes(folder);
}
