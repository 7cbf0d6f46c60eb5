import { renameSync, writeFileSync } from "node:fs";

/** The wall clock of one program, which may be set while it runs. */
export interface SettableClock {
  /** What the program has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** So many milliseconds ahead of the machine's from now on; behind it where negative. */
  set(aheadMs: number): void;
}

const preload = new URL("./jumping-clock.ts", import.meta.url);

/** The file is the clock's own. */
export function settableClock(file: string): SettableClock {
  const set = (aheadMs: number) => {
    // A program that reads meanwhile sees the one or the other.
    writeFileSync(`${file}.next`, String(aheadMs));
    renameSync(`${file}.next`, file);
  };
  set(0);
  return { env: { NODE_OPTIONS: `--import ${preload.href}`, TEST_CLOCK_FILE: file }, set };
}
