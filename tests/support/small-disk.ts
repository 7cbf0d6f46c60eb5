import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A small file system of its own that can be full at any moment. */
export interface SmallDisk {
  readonly folder: string;
  /** From now on it has no room but for what it holds, as if others had filled it. */
  fill(): void;
  /** Gives its room back. */
  clear(): void;
  remove(): void;
}

const mostTrials = 20;

let leave: boolean | undefined;

/** Whether this account may mount one, by itself or by a sudo that asks nothing: a trial tells. */
export function mayMount(): boolean {
  leave ??= process.platform === "linux" && canMount();
  return leave;
}

function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), "sunledger-mount-"));
  try {
    mountTmpfs(place, "64k");
    unmount(place);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Mounts a file system of that size over the folder; it is this account's own. */
export function mountTmpfs(folder: string, size: string): void {
  const owner = `uid=${process.getuid?.() ?? 0},gid=${process.getgid?.() ?? 0}`;
  asRoot("mount", ["-t", "tmpfs", "-o", `size=${size},mode=755,${owner}`, "tmpfs", folder]);
}

/** Gives what is mounted there another size. */
export function resizeTmpfs(folder: string, size: string): void {
  asRoot("mount", ["-o", `remount,size=${size}`, folder]);
}

export function unmount(folder: string): void {
  asRoot("umount", [folder]);
}

function asRoot(program: string, args: readonly string[]): void {
  const [command, ...before] = process.getuid?.() === 0 ? [program] : ["sudo", "-n", program];
  execFileSync(command ?? program, [...before, ...args], { stdio: "pipe" });
}

/** Mounts one of so many megabytes over the folder. It takes memory for what is written alone. */
export function mountSmallDisk(folder: string, megabytes = 64): SmallDisk {
  mkdirSync(folder, { recursive: true });
  mountTmpfs(folder, `${megabytes}m`);
  return {
    folder,
    fill() {
      for (let trial = 1; ; trial += 1) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        try {
          resizeTmpfs(folder, String((blocks - bfree) * bsize));
          return;
        } catch (error) {
          if (trial === mostTrials) throw error; // it has grown meanwhile
        }
      }
    },
    clear: () => resizeTmpfs(folder, `${megabytes}m`),
    remove: () => unmount(folder),
  };
}
