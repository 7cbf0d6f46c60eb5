import { closeSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const keptBuilds = 2;
const name = /^[0-9a-f]{16}$/;
const mark = /^([0-9a-f]{16})\.(part|served-by)-(\d+)$/;

/** Where a program makes its build before it is whole. */
export function partOf(build: string): string {
  return `${build}.part-${process.pid}`;
}

/** Says until the signal that this program serves a build: nobody takes it away meanwhile. */
export function markServed(build: string, signal: AbortSignal): void {
  const file = `${build}.served-by-${process.pid}`;
  try {
    closeSync(openSync(file, "w"));
  } catch {
    // Where nothing can be written nobody removes anything either.
    return;
  }
  signal.addEventListener("abort", () => rmSync(file, { force: true }), { once: true });
}

/** Removes what programs that were killed have left of builds, and their marks. */
export function removeLeftovers(builds: string): void {
  for (const left of marksIn(builds)) {
    if (!isAlive(left.pid)) rmSync(join(builds, left.file), { recursive: true, force: true });
  }
}

/** Removes all builds but the newest and those that a running house serves. */
export function removeOldBuilds(builds: string): void {
  const served = new Set(
    marksIn(builds).flatMap(({ build, kind, pid }) =>
      kind === "served-by" && isAlive(pid) ? [build] : [],
    ),
  );
  const old = readdirSync(builds, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && name.test(entry.name))
    .map((entry) => ({ build: entry.name, at: statSync(join(builds, entry.name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .slice(keptBuilds);
  for (const { build } of old) {
    if (!served.has(build)) rmSync(join(builds, build), { recursive: true, force: true });
  }
}

function marksIn(builds: string) {
  return readdirSync(builds).flatMap((file) => {
    const [, build = "", kind, pid] = mark.exec(file) ?? [];
    return pid === undefined ? [] : [{ file, build, kind, pid: Number(pid) }];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
