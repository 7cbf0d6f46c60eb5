import { join } from "node:path";
import { type DeviceEvent, type Lane, type Layout, type Ranges, sizeOf } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import type { Happening } from "../polling/counters/counter-guard.ts";
import type { Noted, Polled } from "../polling/polled.ts";
import type { TimeMark } from "../timekeeping/clock-watch.ts";
import type { Correction, Sent } from "./correction.ts";
import {
  OutboxCorruptError,
  OutboxNotOpenError,
  OutboxThreadError,
  OutboxUnusableError,
} from "./errors.ts";
import { inflow } from "./inflow.ts";
import { keepQueue, type Queued, type Taken } from "./keep-queue.ts";
import { contentOf, frameOf } from "./kept-rows.ts";
import { lanes, waiting } from "./lane-state.ts";
import { layoutHashes } from "./layout-hashes.ts";
import { makeFolder } from "./make-folder.ts";
import { noteBook } from "./note-book.ts";
import { type Notes, noNotes } from "./notes.ts";
import type { OutboxState, Stored } from "./outbox-file.ts";
import { startOutboxThread } from "./outbox-thread.ts";
import { type KeptFrame, recentFrames } from "./recent-frames.ts";
import type { Room } from "./space.ts";

/** Where a gateway's frames stay until the store has them (D-1). */
export interface Outbox {
  /**
   * Takes a poll's frame, gives it its number and resolves when it is on disk. Rejects with
   * `OutboxOverflowError` when it had to be given up for want of memory.
   */
  keep(polled: Polled): Promise<void>;
  /** As it was after the newest commit. */
  state(): OutboxState;
  layouts(): ReadonlyMap<string, Layout>;
  /** Frames by number, in no order; those that were given up are left out. */
  read(lane: Lane, numbers: Ranges): Promise<KeptFrame[]>;
  /** Notes what the store has; goes to disk with a later commit. */
  settle(epoch: string, lane: Lane, stored: Stored): void;
  /** Keeps events that came with no frame; they are sent until they are acknowledged. */
  note(device: string, happenings: readonly Happening[], memory?: Noted["memory"]): void;
  /** What was noted of a device in its last frames, in this life or one before; `undefined` of a new one. */
  memory(device: string): unknown;
  /** The devices of which anything was noted, also those that are there no more. */
  remembered(): readonly string[];
  /** Events on disk that are not settled, the oldest first. */
  events(): readonly DeviceEvent[];
  /** Notes which events are kept elsewhere; goes to disk with a later commit. */
  settleEvents(ids: readonly string[]): void;
  /**
   * Moves the times of frames and events that were taken by a wrong clock and are not among those sent,
   * now that the right one's anchor is known; such events are not told of until it is over. Rejects, or
   * tells of trouble, while the disk fails: what is left is moved by another call (D-14).
   */
  correct(sent: Sent, anchor: number): Promise<Omit<Correction, "events" | "moved">>;
  /** Goes back to what a restored store has (D-15). */
  rewind(lane: Lane, to: Stored): Promise<OutboxState>;
  /** Gives everything unsettled new numbers under a new epoch. */
  beginEpoch(): Promise<OutboxState>;
  /**
   * How large it may grow, bytes, and how long it can go on keeping everything while nobody takes it and
   * nothing else fills its disk, milliseconds; absent until it was seen how much comes in (D-8).
   */
  hold(): { readonly mostBytes: number; readonly holdMs?: number };
  /** Calls the listener after each commit and whenever numbers change; answers its removal. */
  onChange(listener: () => void): () => void;
  /** Writes what is still in memory and closes the file. */
  close(): Promise<void>;
}

export type OutboxParts = {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Scope["log"];
  /** How far the time of a frame that is taken now can be trusted; always, if not given. */
  readonly mark?: (at: number) => TimeMark;
  readonly room?: Partial<Room>;
  /** Frames that come within this time share a commit. */
  readonly groupMs?: number;
  /** At most so many frames wait in memory for a slow disk. */
  readonly mostQueued?: number;
  /** Real time between trials to write while the disk fails. */
  readonly retryMs?: number;
};

const megabyte = 1024 * 1024;
const usualRoom: Room = { mostBytes: 256 * megabyte, ringMs: 72 * 3_600_000, ringShare: 0.3 };
const settleWithinMs = 1_000;
const recentFramesKept = 4_000;
/** A transaction has to fit the journal's room on a disk that is all but full. */
const framesACommit = 2_000;

/** Opens the outbox of that folder, or makes one. Throws a `ConfigError` where there can be no such folder. */
export async function openOutbox(parts: OutboxParts): Promise<Outbox> {
  const { folder, clock, log, mark = () => ({ state: "synced" }) } = parts;
  const { groupMs = 20, mostQueued = 20_000, retryMs = 1_000 } = parts;
  makeFolder(folder);
  const room = { ...usualRoom, ...parts.room };
  const startThread = () => startOutboxThread(join(folder, "outbox.db"), room);
  const incoming = inflow(clock.now());

  const queue = keepQueue(mostQueued, (lane, count, oldest) => {
    book.gather(oldest);
    log.error({ lane, count }, "frames given up: the disk cannot keep up and memory is full");
  });
  const recent = recentFrames(recentFramesKept);
  const book = noteBook();
  const layouts = new Map<string, Layout>();
  const hashOf = layoutHashes((hash, layout) => layouts.set(hash, layout));
  const listeners = new Set<() => void>();
  let thread = startThread();
  let onDisk = new Set<string>();
  let told: { epoch: string; lanes: Partial<Record<Lane, Stored>> } | undefined;
  let state: OutboxState;
  let timer: { readonly id: NodeJS.Timeout; readonly ms: number } | undefined;
  let flushing: Promise<void> | undefined;
  let failing = false;
  let lastTrouble: string | undefined;
  let rewound = 0;
  let reachable = Number.POSITIVE_INFINITY;
  /** While times are corrected only these events may go out. */
  let sendable: ReadonlySet<string> | undefined;

  const adopt = (next: OutboxState): OutboxState => {
    if (state && next.epoch !== state.epoch) recent.clear();
    state = next;
    for (const listener of listeners) listener();
    return state;
  };

  const open = async () => {
    const opening = await thread.open(clock.now());
    onDisk = new Set(opening.layouts.map(([hash]) => hash));
    for (const [hash, layout] of opening.layouts) layouts.set(hash, layout);
    if (opening.setAside !== undefined) {
      log.error(
        { setAside: opening.setAside, epoch: opening.state.epoch },
        "outbox was damaged: put aside, and a new one begun",
      );
    }
    book.open(opening.notes);
    adopt(opening.state);
  };

  const stopTimer = () => {
    clearTimeout(timer?.id);
    timer = undefined;
  };

  const schedule = (ms: number) => {
    if (flushing || (timer && timer.ms <= ms)) return;
    stopTimer();
    timer = { id: setTimeout(startFlush, ms), ms };
  };

  const startFlush = () => {
    timer = undefined;
    flushing = flush().finally(() => {
      flushing = undefined;
      // While the disk fails, no keep shortens the wait.
      if (failing) timer = { id: setTimeout(startFlush, retryMs), ms: 0 };
      else if (queue.size() >= framesACommit) schedule(0);
      else if (queue.size() > 0) schedule(groupMs);
      else if (told || book.isWaiting()) schedule(settleWithinMs);
    });
  };

  const flush = async () => {
    const taken = queue.take(framesACommit);
    const notes = book.take(taken.upTo);
    const settled = told;
    const rewinds = rewound;
    told = undefined;
    try {
      await write(taken, notes, settled);
      if (failing) log.info("outbox is written again");
      failing = false;
    } catch (error) {
      queue.putBack(taken);
      book.putBack(notes);
      // What was said of a store before it was restored is worth nothing after.
      if (rewinds === rewound) told ??= settled;
      if (!failing) log.error({ err: error }, "outbox cannot be written");
      failing = true;
      await mend(error);
    }
  };

  const write = async (taken: Taken, notes: Notes, settled: typeof told) => {
    const fresh = [...layouts].filter(([hash]) => !onDisk.has(hash));
    const { state, before, reachableBytes, trouble } = await thread.commit({
      now: clock.now(),
      entries: [...taken.lost, ...taken.frames.map(({ entry }) => entry)],
      layouts: fresh,
      notes,
      ...(settled && { settled }),
    });
    for (const [hash] of fresh) onDisk.add(hash);
    remember(taken, before);
    book.written(notes);
    reachable = reachableBytes;
    const bytes = taken.frames.reduce((sum, { entry }) => sum + entry.row.length, 0);
    incoming.add(taken.frames.length, bytes, clock.now());
    adopt(state);
    if (trouble && trouble !== lastTrouble) {
      log.error({ trouble }, "outbox cannot be kept within its room");
    }
    lastTrouble = trouble;
    for (const { resolve } of taken.frames) resolve();
  };

  const mend = async (error: unknown) => {
    const died = error instanceof OutboxThreadError;
    // Not open: opening failed at the retry before, and is tried again at every one.
    const unusable = error instanceof OutboxCorruptError || error instanceof OutboxNotOpenError;
    if (!died && !unusable) return;
    if (died) thread = startThread();
    await open().catch((err: unknown) => log.error({ err }, "outbox cannot be opened anew"));
  };

  const remember = (taken: Taken, before: Readonly<Record<Lane, number>>) => {
    const last = { ...before };
    for (const { lane, lost } of taken.lost) last[lane] += lost.count;
    for (const { entry, content } of taken.frames) {
      const { lane, at, layout, row } = entry;
      last[lane] += 1;
      const frame = { sequence: last[lane], at, layout, ...content };
      recent.add(lane, { frame, bytes: row.length });
    }
  };

  try {
    await open();
  } catch (error) {
    await thread.terminate();
    throw error;
  }

  return {
    async keep({ device, lane, at, points, values, quality, noted }) {
      const layout = await hashOf(device, lane, points);
      const marked = mark(at);
      const anchor = anchorIn(marked);
      const content = { device, clock: marked.state, values, ...(quality && { quality }) };
      await new Promise<void>((resolve, reject) => {
        const entry = { lane, at, layout, row: contentOf(content, anchor) };
        const queued: Queued = { entry, content, resolve, reject };
        queue.push(queued);
        if (noted) book.add(device, noted, { now: at, after: queue.newest(), anchor });
        schedule(groupMs);
      });
    },

    state: () => state,
    layouts: () => layouts,

    async read(lane, numbers) {
      const { found, missing } = recent.find(lane, numbers);
      if (missing.length === 0) return [...found];
      const rows = await thread.read(lane, missing);
      return [...found, ...rows.map((row) => ({ frame: frameOf(row), bytes: row.row.length }))];
    },

    settle(epoch, lane, stored) {
      const before = told?.epoch === epoch ? told.lanes : {};
      told = { epoch, lanes: { ...before, [lane]: stored } };
      if (epoch === state.epoch) recent.forget(lane, stored.settled);
      schedule(settleWithinMs);
    },

    note(device, happenings, memory) {
      const [first] = happenings;
      const anchor = first && anchorIn(mark(first.at));
      const when = { now: clock.now(), after: queue.newest(), anchor };
      book.add(device, { happenings, ...(memory && { memory }) }, when);
      schedule(groupMs);
    },

    memory: book.memory,
    remembered: book.remembered,
    events: () => book.events().filter(({ id }) => sendable?.has(id) ?? true),

    settleEvents(ids) {
      book.settle(ids);
      if (book.isWaiting()) schedule(settleWithinMs);
    },

    async correct(sent, anchor) {
      sendable = new Set(sent.events);
      try {
        await flushing;
        // What is in memory has no number yet.
        while (queue.size() > 0 && !failing) await flush();
        if (book.isWaiting() && !failing) await flush();
        if (failing) throw new Error("the outbox cannot be written");
        // Whatever becomes of it: some may have been moved.
        const correcting = thread.correct(sent, anchor, clock.now()).finally(recent.clear);
        const { events, moved, ...corrected } = await correcting;
        book.written({ ...noNotes, events: [...moved, ...events] });
        sendable = undefined;
        adopt(state);
        return corrected;
      } finally {
        sendable = undefined;
      }
    },

    async rewind(lane, to) {
      rewound += 1;
      if (told) told = { ...told, lanes: { ...told.lanes, [lane]: to } };
      return adopt(await thread.rewind(lane, to, clock.now()));
    },

    async beginEpoch() {
      await flushing;
      if (told) await flush();
      return adopt(await thread.beginEpoch(clock.now()));
    },

    hold() {
      const { mostBytes } = room;
      const open = lanes.reduce((sum, lane) => sum + sizeOf(waiting(state.lanes[lane])), 0);
      const left = Math.min(mostBytes, reachable) - open * incoming.bytesAFrame();
      const holdMs = incoming.msToFill(left, clock.now());
      return { mostBytes, ...(holdMs !== undefined && { holdMs }) };
    },

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async close() {
      await flushing;
      stopTimer();
      if (queue.size() > 0 || told || book.isWaiting()) await flush();
      while (queue.size() > 0 && !failing) await flush();
      for (const { reject } of queue.take(mostQueued).frames) {
        reject(new OutboxUnusableError("the outbox was closed before the frame was on disk"));
      }
      await thread.close();
      await thread.ended;
    },
  };
}

function anchorIn(mark: TimeMark): number | undefined {
  return mark.state === "unsynced" ? mark.anchor : undefined;
}
