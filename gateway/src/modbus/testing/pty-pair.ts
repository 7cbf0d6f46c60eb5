import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** Whether serial lines can be laid here. */
export const hasPtys = spawnSync("socat", ["-V"]).status === 0;

export type PtyPair = {
  /** The two ends of a serial line: what is written to one is read from the other. */
  readonly ours: string;
  readonly theirs: string;
  close(): Promise<void>;
};

/** Lays a serial line between two pseudo terminals. */
export async function ptyPair(): Promise<PtyPair> {
  const folder = mkdtempSync(join(tmpdir(), "line-"));
  const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")] as const;
  const ends = [ours, theirs].map((link) => `pty,rawer,link=${link}`);
  const socat = spawn("socat", ends, { stdio: "inherit" });
  for (let i = 0; i < 250 && !(existsSync(ours) && existsSync(theirs)); i += 1) await wait(20);
  return {
    ours,
    theirs,
    async close() {
      const ended = socat.exitCode === null ? once(socat, "exit") : undefined;
      socat.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
