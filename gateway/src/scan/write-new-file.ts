import { writeFileSync } from "node:fs";

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "the file to write exists already: name another",
  ENOENT: "its folder is not there, or takes no files",
  ENOTDIR: "what should be its folder is a file",
  EACCES: "no right to write there",
  EPERM: "no right to write there",
  EROFS: "no right to write there",
  ENOSPC: "no space is left for it",
};

/** Writes a file, and never over one that somebody may have worked on. Throws a reason for people. */
export function writeNewFile(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot be written: ${reasons[code] ?? message}`, { cause: error });
  }
}
