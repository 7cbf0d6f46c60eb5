import type { Value } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import type { Device } from "../polling/device.ts";
import { bringBackOnce, type RevertResult } from "./bring-back.ts";
import type { CommandBook } from "./command-book.ts";
import { type Hold, interruption, type TimeLeft } from "./hold.ts";
import { holdRecord } from "./hold-record.ts";
import { type SoleWriters, soleWriters } from "./sole-writers.ts";
import { targetPoint } from "./target-point.ts";
import { waitOut } from "./time-left.ts";

/** Set-points that stand on an order: told again where the device wants it, brought back in time. */
export interface HoldKeeper extends Pick<SoleWriters, "exclusively" | "ifFree"> {
  /** On disk when it returns; throws where it cannot be written. */
  keep(hold: Hold): void;
  /** What was written has changed: a step of a ramp. */
  keepWords(device: string, point: string, words: readonly number[], value: Value): void;
  /** It stands no longer, be it that a full disk hears of that later. */
  drop(hold: Hold): void;
  find(device: string, point: string): Hold | undefined;
  /** Aborted as soon as the time of the order that stands there now is over. */
  overdue(device: string, point: string): AbortSignal;
  /** Brings it back now, one trial; `waiting` where it has to be tried again. */
  bringBack(hold: Hold): Promise<RevertResult>;
  /** Resolves when nothing is being written, after the signal's abort. */
  settled(): Promise<void>;
}

export type HoldKeeperParts = {
  readonly clock: Clock;
  readonly log: Scope["log"];
  readonly book: CommandBook;
  readonly device: (tag: string) => Device | undefined;
  /** Whether something keeps this machine's clock right now. */
  readonly isSynced: () => boolean;
  /** Something became of an automatic revert. */
  readonly onRevert: (hold: Hold, result: RevertResult) => void;
};

/** How long an order stands yet. */
type Wait = {
  /** Another order stands there, or none. */
  readonly cancel: AbortController;
  /** Its time is over. */
  readonly over: AbortController;
};

type WaitUntil = { readonly over: () => void; readonly cancel: AbortSignal };

const never = new AbortController().signal;

function keyOf(device: string, point: string): string {
  return `${device} ${point}`;
}

/** A device that cannot be written to is tried again after so long, each time later up to the last. */
const triesMs = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

/**
 * Takes up what stood when the gateway last ran, and goes on until the signal is aborted. A revert
 * needs nobody's permission any more: it was part of the order, and restores what was there before.
 */
export function holdKeeper(parts: HoldKeeperParts, signal: AbortSignal): HoldKeeper {
  const { clock, log, book, device, isSynced, onRevert } = parts;
  const record = holdRecord({ clock, log, book }, signal);
  const writers = soleWriters();
  const { exclusively } = writers;
  /** How often each was told to go back. */
  const tellings = new Map<string, number>();
  const waits = new Map<string, Wait>();

  /** Whether the hold is still the one that counts. */
  const counts = ({ device, point, command }: Hold) =>
    record.find(device, point)?.command === command;

  const bringBack = (hold: Hold): Promise<RevertResult> =>
    bringBackOnce(hold, {
      ...{ clock, signal, device },
      onTelling: (isInFlash) => tellingOf(hold, isInFlash),
    });

  /** Takes note that the device is told to go back; how often that is. Only flash has to wait for the disk. */
  const tellingOf = ({ device: tag, point, command }: Hold, isInFlash: boolean): number => {
    try {
      book.noteWrite(tag, point, clock.now());
    } catch (err) {
      if (isInFlash) throw err;
      log.warn({ tag, point, err }, "write not counted");
    }
    const told = (tellings.get(command) ?? 0) + 1;
    tellings.set(command, told);
    return told;
  };

  /** One trial; whether it is over. */
  const tryRevert = async (hold: Hold, isFirst: boolean): Promise<boolean> => {
    // A ramp that is overdue ends with the step that is being written.
    await writers.underWay(hold.device, hold.point)?.catch(() => undefined);
    const current = record.find(hold.device, hold.point);
    if (!current || !counts(hold)) return false;
    const ending = interruption(current);
    const result = await exclusively(hold.device, hold.point, () => bringBack(ending));
    if (result === "busy") return false;
    const isOver = result.outcome !== "waiting";
    if (isFirst || isOver) onRevert(ending, result);
    if (!isOver) return false;
    const isBack = result.outcome === "done" || result.outcome === "alreadyBack";
    if (isBack && current.beneath) {
      tellings.delete(current.command);
      record.keepSoon(current.beneath);
      watch(current.beneath);
    } else drop(current);
    return true;
  };

  /** What was just ordered is told by this very clock. */
  const leftOf = ({ left, revertAt = 0 }: Hold): TimeLeft => {
    if (left) return left;
    const now = clock.now();
    return { ms: Math.max(0, revertAt - now), ...(isSynced() && { at: now }) };
  };

  const revertInTime = async (hold: Hold, { over, cancel }: WaitUntil) => {
    const onLeft = (left: TimeLeft) => {
      const current = record.find(hold.device, hold.point);
      if (!current || !counts(hold)) return;
      try {
        record.keep({ ...current, left });
      } catch (err) {
        // For a restart alone, which counts by what was written before.
        log.warn({ tag: hold.device, point: hold.point, err }, "time left not recorded");
      }
    };
    if (!(await waitOut(leftOf(hold), { clock, isSynced, onLeft }, cancel))) return;
    over();
    for (let trial = 0; !cancel.aborted && counts(hold); trial += 1) {
      if (await tryRevert(hold, trial === 0)) return;
      await clock.wait(triesMs[Math.min(trial, triesMs.length - 1)] ?? 0, cancel);
    }
  };

  /** Devices that fall back by themselves hear it again until it is brought back. */
  const tellAgain = async (hold: Hold, refreshMs: number, cancel: AbortSignal) => {
    // By the time it was due, not when the last telling was over: the device counts for itself.
    let due = clock.now();
    while (!cancel.aborted) {
      const now = clock.now();
      // A clock that was put forward makes up for nothing, one that was put back delays nothing.
      due = Math.min(Math.max(due + refreshMs, now), now + refreshMs);
      await clock.wait(due - now, cancel);
      if (cancel.aborted || !counts(hold)) return;
      await exclusively(hold.device, hold.point, async () => {
        const current = record.find(hold.device, hold.point);
        const line = await device(hold.device)?.line(signal);
        if (!current || line?.config.url !== hold.url) return;
        const { code, register } = targetPoint(line, hold.point);
        await line.write({ code, address: register.address, words: current.words });
      }).catch((err: unknown) => {
        log.warn({ tag: hold.device, point: hold.point, err }, "set-point not told again");
      });
    }
  };

  const watch = (hold: Hold) => {
    const key = keyOf(hold.device, hold.point);
    waits.get(key)?.cancel.abort();
    const wait: Wait = { cancel: new AbortController(), over: new AbortController() };
    waits.set(key, wait);
    const cancel = AbortSignal.any([signal, wait.cancel.signal]);
    const over = () => wait.over.abort();
    if (hold.revertAt !== undefined) void revertInTime(hold, { over, cancel }).catch(unexpected);
    if (hold.refreshMs !== undefined)
      void tellAgain(hold, hold.refreshMs, cancel).catch(unexpected);
  };
  const unexpected = (err: unknown) => log.error({ err }, "set-point not brought back");

  const keep = (fresh: Hold) => {
    const hold = fresh.revertAt === undefined ? fresh : { ...fresh, left: leftOf(fresh) };
    record.keep(hold);
    watch(hold);
  };
  const drop = (hold: Hold) => {
    record.dropSoon(hold);
    tellings.delete(hold.command);
    waits.get(keyOf(hold.device, hold.point))?.cancel.abort();
  };

  for (const hold of book.holds()) watch(hold);

  return {
    exclusively,
    ifFree: writers.ifFree,
    keep,
    keepWords(device, point, words, value) {
      const hold = record.find(device, point);
      if (hold) record.keep({ ...hold, words: [...words], value });
    },
    drop,
    find: record.find,
    overdue: (device, point) => waits.get(keyOf(device, point))?.over.signal ?? never,
    bringBack,
    settled: writers.settled,
  };
}
