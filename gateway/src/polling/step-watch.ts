import type { Scope } from "@sunledger/runtime";

/** Timers of several devices may come out of order by less than this. */
const noticedMs = 1_000;

/** Takes note of each slot that is polled, of whichever device, and tells once that time went back. */
export function stepWatch(log: Scope["log"]): (slot: number) => void {
  let newest = Number.NEGATIVE_INFINITY;
  return (slot) => {
    if (newest - slot > noticedMs) {
      log.warn({ stepMs: slot - newest }, "clock was set back: devices are polled by the new time");
      newest = slot;
    }
    newest = Math.max(newest, slot);
  };
}
