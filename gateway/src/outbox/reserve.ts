import { existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Bytes that lie idle beside the outbox: on a full disk even giving something up needs room first,
 * for the journal.
 */
export interface Reserve {
  readonly bytes: number;
  /** Hands its room to whoever writes next; nothing when it is spent already. */
  spend(): void;
  /** Takes its room again where the disk has twice as much; answers whether the disk has room. */
  restore(): boolean;
}

const mostBytes = 4 * 1024 * 1024;

/** At most a quarter of what a small disk has left. */
export function openReserve(path: string): Reserve {
  const bytes = Math.min(mostBytes, Math.floor(freeBytes(path) / 4));
  let isThere = existsSync(path);

  const drop = () => {
    rmSync(path, { force: true });
    isThere = false;
  };
  const restore = () => {
    if (isThere) return freeBytes(path) >= bytes;
    if (freeBytes(path) < 2 * bytes) return false;
    writeFileSync(path, Buffer.alloc(bytes, 1));
    isThere = true;
    return true;
  };

  restore();
  return { bytes, spend: drop, restore };
}

/** What the disk of that path has left. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}
