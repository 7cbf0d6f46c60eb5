import type { DeviceAnnouncement, DeviceReach } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import { backOff } from "./back-off.ts";
import type { Device } from "./device.ts";
import { type FewAtOnce, fewAtOnce } from "./few-at-once.ts";
import { type PollClass, pollClasses } from "./poll-class.ts";
import type { Polled } from "./polled.ts";
import { pulse } from "./pulse.ts";
import { stepWatch } from "./step-watch.ts";

export type PollingParts = {
  readonly clock: Clock;
  readonly log: Scope["log"];
  /** The frames of one poll, a lane each. Answers for its own errors. */
  readonly onPolled: (polled: readonly Polled[]) => Promise<void> | void;
  /** What a device is, once it is known and whenever that changes. */
  readonly onAnnouncement: (announcement: DeviceAnnouncement) => void;
  readonly onReach: (tag: string, reach: DeviceReach) => void;
  /** A poll or trial has begun, so many milliseconds after its slot. */
  readonly onBegun?: (tag: string, lateMs: number) => void;
  /** A number from 0 up to 1, for the jitter of trials. */
  readonly random?: () => number;
};

export type Polling = {
  /**
   * Polls the device too. The answer ends that: it resolves when its poll under way is over, whole,
   * and handed on.
   */
  add(device: Device): () => Promise<void>;
  /** Resolves when no poll is under way: after the signal's abort, when all has been handed on. */
  settled(): Promise<void>;
  /** So much time has passed since this was asked last: the devices whose polling stands still. */
  stalled(elapsedMs: number): readonly string[];
};

/**
 * Polls each device that is added at the slots of its classes until the signal is aborted. Devices are polled side
 * by side; the requests of those that share a line take turns there. A device that cannot be
 * reached is tried rarely and with one request, so that others on its line go on.
 */
export function startPolling(
  { random = Math.random, ...parts }: PollingParts,
  signal: AbortSignal,
): Polling {
  const underWay = new Set<Promise<void>>();
  const noteTime = stepWatch(parts.clock, parts.log);
  const { join, after } = pulse();
  const mayBegin = fewAtOnce();
  return {
    stalled: after,

    add(device) {
      const leaving = new AbortController();
      const ending = AbortSignal.any([signal, leaving.signal]);
      const pollAt = pollerOf(device, { ...parts, random, mayBegin }, { signal, ending });
      const tickMs = tickOf(device);
      const beat = join(device.tag, tickMs);
      let last: Promise<void> | undefined;
      const task = (slot: number) => {
        noteTime();
        beat.begun();
        const poll = pollAt(slot).finally(() => {
          underWay.delete(poll);
          beat.ended();
        });
        underWay.add(poll);
        last = poll;
        return poll;
      };
      parts.clock.every(tickMs, task, ending);
      return async () => {
        leaving.abort();
        beat.left();
        await last;
      };
    },

    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

type PollerParts = Omit<PollingParts, "log"> & {
  readonly random: () => number;
  readonly mayBegin: FewAtOnce;
};

type PollerSignals = {
  readonly signal: AbortSignal;
  /** Also when this device alone is to end: a poll is not cut short then, a trial is. */
  readonly ending: AbortSignal;
};

function pollerOf(device: Device, parts: PollerParts, { signal, ending }: PollerSignals) {
  const trials = backOff({ random: parts.random });
  const served = new Map<PollClass, number>();
  let saidReach: DeviceReach | undefined;
  let saidAnnouncement: DeviceAnnouncement | undefined;

  const report = () => {
    const announcement = device.announcement();
    if (announcement && announcement !== saidAnnouncement) {
      saidAnnouncement = announcement;
      parts.onAnnouncement(announcement);
    }
    const reach = device.reach();
    if (reach !== saidReach) {
      saidReach = reach;
      parts.onReach(device.tag, reach);
    }
  };

  const poll = async (slot: number, due: ReadonlySet<PollClass>) => {
    try {
      if (trials.failures() > 0) await device.tryOnce(ending);
      const polled = await device.poll(slot, due, signal);
      trials.succeeded();
      for (const pollClass of due) served.set(pollClass, slot);
      return polled;
    } catch {
      // The device keeps the reason in its reach, and every failure of a link is logged there.
      trials.failed(slot);
      return [];
    }
  };

  return async (slot: number) => {
    if (!trials.allows(slot)) return;
    const due = dueAt(slot, device, served);
    if (due.size === 0) return;
    const begins = parts.mayBegin();
    if (begins !== undefined) await begins;
    parts.onBegun?.(device.tag, parts.clock.now() - slot);
    const polled = await poll(slot, due);
    if (signal.aborted && polled.length === 0) return;
    report();
    if (polled.length > 0) await parts.onPolled(polled);
  };
}

/**
 * The classes that have come due since they were last served. A poll that outlasts a slot makes the
 * clock skip slots; what was due in one of them is due in the next. What was served later than now
 * was served before the clock was set back: it is due again.
 */
function dueAt(slot: number, device: Device, served: ReadonlyMap<PollClass, number>) {
  const due = pollClasses.filter((pollClass) => {
    const everyMs = device.everyMs(pollClass);
    const last = served.get(pollClass);
    return (
      last === undefined || last > slot || Math.floor(slot / everyMs) > Math.floor(last / everyMs)
    );
  });
  return new Set<PollClass>(due);
}

/** The longest interval that meets every slot of every class. */
function tickOf(device: Device): number {
  return (["fast", "normal", "slow"] as const)
    .map((pollClass) => device.everyMs(pollClass))
    .reduce(greatestCommonDivisor);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
