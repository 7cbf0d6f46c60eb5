import type { Clock, Scope } from "@sunledger/runtime";
import type { CommandBook } from "./command-book.ts";
import type { Hold } from "./hold.ts";

/** Set-points that stand, on disk: before the device hears of it, or as soon as there is room again. */
export interface HoldRecord {
  find(device: string, point: string): Hold | undefined;
  /** On disk when it returns; throws where it cannot be written. */
  keep(hold: Hold): void;
  /** It stands by now: a disk that is full hears of it later. */
  keepSoon(hold: Hold): void;
  /** It stands no longer: a disk that is full hears of it later. */
  dropSoon(hold: Hold): void;
}

export type HoldRecordParts = {
  readonly clock: Pick<Clock, "wait">;
  readonly log: Scope["log"];
  readonly book: Pick<CommandBook, "hold" | "keepHold" | "dropHold">;
};

const againMs = 10_000;

/** What could not be written is tried again until the signal is aborted. */
export function holdRecord({ clock, log, book }: HoldRecordParts, signal: AbortSignal): HoldRecord {
  /** What is so, where the book still says otherwise. */
  const unwritten = new Map<string, { readonly hold: Hold | undefined }>();

  const soon = async (device: string, point: string, hold?: Hold) => {
    const key = keyOf(device, point);
    const wanted = { hold };
    unwritten.set(key, wanted);
    while (unwritten.get(key) === wanted && !signal.aborted) {
      try {
        if (hold) book.keepHold(hold);
        else book.dropHold(device, point);
        unwritten.delete(key);
      } catch (err) {
        log.warn({ tag: device, point, err }, "set-point not recorded: tried again");
        await clock.wait(againMs, signal);
      }
    }
  };

  return {
    find(device, point) {
      const newer = unwritten.get(keyOf(device, point));
      return newer ? newer.hold : book.hold(device, point);
    },
    keep(hold) {
      book.keepHold(hold);
      unwritten.delete(keyOf(hold.device, hold.point));
    },
    keepSoon: (hold) => void soon(hold.device, hold.point, hold),
    dropSoon: ({ device, point }) => void soon(device, point),
  };
}

const keyOf = (device: string, point: string) => `${device} ${point}`;
