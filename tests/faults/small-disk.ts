import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of 64 MB of its own, which others can fill to the last byte. */
export interface SmallDisk {
  readonly folder: string;
  fill(): void;
  /** Takes away what filled it. */
  clear(): void;
  remove(): void;
}

const megabyte = Buffer.alloc(1024 * 1024);

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

export function mountSmallDisk(folder: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]);
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill() {
      const file = openSync(ballast, "w");
      for (let size = megabyte.length; size >= 1; ) {
        try {
          writeSync(file, megabyte, 0, size);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
          size = size > 4_096 ? size / 4 : 0;
        }
      }
      closeSync(file);
    },
    clear: () => rmSync(ballast, { force: true }),
    remove: () => execFileSync("umount", [folder]),
  };
}
