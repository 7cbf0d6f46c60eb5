import { renameSync, writeFileSync } from "node:fs";

/** The wall clock of one program, which may be set while it runs. */
export interface SettableClock {
  /** What the program has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** So many milliseconds ahead of the machine's from now on; behind it where negative. */
  set(aheadMs: number): void;
}

const preload = new URL("./jumping-clock.ts", import.meta.url);

/** Of systemd-timesyncd: that it has set the machine's clock since the machine began. */
const markOfMachine = "/run/systemd/timesync/synchronized";

/** The file is the clock's own; the program does not see the mark of the machine's. */
export function settableClock(file: string, mark = markOfMachine): SettableClock {
  const set = (aheadMs: number) => {
    // A program that reads meanwhile sees the one or the other.
    writeFileSync(`${file}.next`, String(aheadMs));
    renameSync(`${file}.next`, file);
  };
  set(0);
  const env = {
    NODE_OPTIONS: `--import ${preload.href}`,
    TEST_CLOCK_FILE: file,
    TEST_CLOCK_MARK: mark,
  };
  return { env, set };
}
