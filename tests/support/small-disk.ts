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

/** Whether this account may mount one; continuous integration has to. */
export function mayMount(): boolean {
  if (process.env.CI === "true") return true;
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), "sunledger-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place], { stdio: "ignore" });
    execFileSync("umount", [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Mounts one of so many megabytes over the folder. It takes memory for what is written alone. */
export function mountSmallDisk(folder: string, megabytes = 64): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "tmpfs", folder]);
  const resize = (size: string) =>
    execFileSync("mount", ["-o", `remount,size=${size}`, folder], { stdio: "pipe" });
  return {
    folder,
    fill() {
      for (let trial = 1; ; trial += 1) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        try {
          resize(String((blocks - bfree) * bsize));
          return;
        } catch (error) {
          if (trial === mostTrials) throw error; // it has grown meanwhile
        }
      }
    },
    clear: () => void resize(`${megabytes}m`),
    remove: () => void execFileSync("umount", [folder]),
  };
}
