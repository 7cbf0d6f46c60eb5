import type { Clock, Scope } from "@sunledger/runtime";

/** A clock that is kept right may be put back by less than this. */
const noticedMs = 1_000;

/**
 * To be called at each poll, of whichever device: tells once that the time went back. It is the clock that is
 * asked and not the slots: those come out of order when the program itself was held up.
 */
export function stepWatch(
  { now }: Pick<Clock, "now">,
  log: Pick<Scope["log"], "warn">,
): () => void {
  let newest = Number.NEGATIVE_INFINITY;
  return () => {
    const at = now();
    if (newest - at > noticedMs) {
      log.warn({ stepMs: at - newest }, "clock was set back: devices are polled by the new time");
      newest = at;
    }
    newest = Math.max(newest, at);
  };
}
