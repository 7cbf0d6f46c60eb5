import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";

/** What may be kept of one record, bytes. */
export type FileRoom = {
  /** The oldest files go when all together would have more; absent: none ever goes. */
  readonly mostBytes?: number | undefined;
  /** A file that is fuller gives way to a new one. */
  readonly fileBytes?: number;
};

/** About two weeks of a plant's true energies, or a day of a device that is polled each second. */
const usualBytes = 64 * 1024 * 1024;
/** The least number of files that a bounded record is kept in: one of them goes at a time. */
const fewest = 4;

/** Whether a file that has come to so many bytes gives way. */
export function isFull(bytes: number, room: FileRoom): boolean {
  return bytes > fullAt(room);
}

/**
 * Puts a full file behind those before it as `FILE.1`, `FILE.2` and so on, so that a new one can begin; gives back
 * the names of those that had to go for it.
 */
export function giveWay(file: string, room: FileRoom): string[] {
  const number = (numbersOf(file).at(-1) ?? 0) + 1;
  renameSync(file, `${file}.${number}`);
  const { mostBytes } = room;
  if (mostBytes === undefined) return [];
  const gone: string[] = [];
  const kept = earlierFiles(file).map((name) => ({ name, size: statSync(name).size }));
  let all = kept.reduce((sum, { size }) => sum + size, fullAt(room));
  // Where even the newest has to go, an empty one holds its place: without any the numbers would begin at 1 again.
  if ((kept.at(-1)?.size ?? 0) + fullAt(room) > mostBytes) {
    writeFileSync(`${file}.${number + 1}`, "");
  }
  for (const { name, size } of kept) {
    if (all <= mostBytes) break;
    rmSync(name);
    all -= size;
    gone.push(name);
  }
  return gone;
}

function fullAt({ fileBytes, mostBytes = Number.POSITIVE_INFINITY }: FileRoom): number {
  return fileBytes ?? Math.min(usualBytes, mostBytes / fewest);
}

/** The full files before one, oldest first. */
export function earlierFiles(file: string): string[] {
  return numbersOf(file).map((number) => `${file}.${number}`);
}

/** Whether some of the files before one are gone: they are numbered from 1 on. */
export function isShortened(file: string): boolean {
  return (numbersOf(file)[0] ?? 1) > 1;
}

function numbersOf(file: string): number[] {
  const start = `${basename(file)}.`;
  return namesIn(dirname(file))
    .filter((name) => name.startsWith(start) && /^[1-9]\d*$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .sort((a, b) => a - b);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
