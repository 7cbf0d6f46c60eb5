import type { Clock } from "@sunledger/runtime";
import type { DataFolder } from "./data-folder.ts";
import { birthOf, isThere } from "./process-birth.ts";
import { type RunningProgram, readRunningHouse } from "./running-house.ts";

type Parts = {
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly say: (line: string) => void;
  readonly patienceMs?: number;
};

type Left = { readonly name: string; readonly pid: number; readonly born: string | undefined };

/**
 * Waits until the programs of a house whose supervisor was killed are gone: they end by themselves
 * when its channel closes. One that is still there after `patienceMs` is killed. A number may have
 * been given to a stranger since: a process that cannot be told from one is named and left alone.
 */
export async function awaitLeftovers({ folder, clock, say, patienceMs = 8_000 }: Parts) {
  const left = (readRunningHouse(folder)?.programs ?? []).flatMap(leftOf);
  for (const { name, pid } of left.filter(isDoubtful)) {
    say(
      `  process ${pid} may be ${name} of the house that ran here before, or a stranger's: ` +
        "it is left alone",
    );
  }
  const ours = left.filter(({ born }) => born !== undefined);
  const step = 100;
  for (let waited = 0; waited < patienceMs && ours.some(isOurs); waited += step) {
    await clock.wait(step);
  }
  for (const { pid } of ours.filter(isOurs)) process.kill(pid, "SIGKILL");
}

/** The database's server has a watchdog, and is taken over where that is gone too. */
function leftOf({ name, pid, born }: RunningProgram): Left[] {
  const own = pid === undefined || pid === process.pid || name === "postgres";
  return own ? [] : [{ name, pid, born }];
}

function isOurs({ pid, born }: Left): boolean {
  return birthOf(pid) === born;
}

function isDoubtful({ pid, born }: Left): boolean {
  return born === undefined && isThere(pid);
}
