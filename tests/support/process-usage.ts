import { readFileSync } from "node:fs";

/** Processor time of a process so far, all its threads; 0 where the system does not tell. */
export function cpuSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** A process and all that it has started; itself alone where the system does not tell. */
export function familyOf(pid: number): readonly number[] {
  let children: readonly number[] = [];
  try {
    const said = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    children = said.split(" ").filter(Boolean).map(Number);
  } catch {}
  return [pid, ...children.flatMap(familyOf)];
}

/**
 * Memory that a process and all that it has started hold for themselves now, without what they share, in
 * megabytes; 0 where the system does not tell.
 */
export function ownMegabytes(pid: number): number {
  const all = familyOf(pid).map((one) => statusMegabytes(one, "RssAnon"));
  return all.reduce((sum, one) => sum + one, 0);
}

/** Memory that a process holds now, in megabytes; 0 where the system does not tell. */
export function residentMegabytes(pid: number | undefined): number {
  return Math.round(statusMegabytes(pid, "VmRSS"));
}

function statusMegabytes(pid: number | undefined, name: "VmRSS" | "RssAnon"): number {
  try {
    const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m");
    const [, kilobytes = "0"] = line.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}
