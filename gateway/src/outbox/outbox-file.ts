import type { DatabaseSync } from "node:sqlite";
import type { Lane, Layout, Ranges } from "@sunledger/model";
import { without } from "@sunledger/model/ranges";
import {
  type Correction,
  correctEvents,
  correctTimes,
  movableEvents,
  noneCorrected,
  partsOfNumbers,
  type Sent,
  togetherCorrected,
} from "./correction.ts";
import { type Entry, writeEntries, writeLayouts } from "./entries.ts";
import { OutboxCorruptError } from "./errors.ts";
import { type KeptRow, readRows } from "./kept-rows.ts";
import { type LaneState, lanes, lanesOf, readLane, writeLane } from "./lane-state.ts";
import { type FoundNotes, type Notes, noNotes, readNotes, writeNotes } from "./notes.ts";
import { moveToNewEpoch, rewindLane } from "./renumbering.ts";
import { openReserve } from "./reserve.ts";
import {
  allowGrowth,
  emptyJournal,
  isCorruption,
  isDiskFull,
  limitJournal,
  openDatabase,
  putAside,
  stopGrowth,
} from "./schema.ts";
import { giveUpSome, makeRoom, type Room, reachableBytes, trimRing, usedBytes } from "./space.ts";
import { uuidV7 } from "./uuid-v7.ts";

export type OutboxState = {
  readonly epoch: string;
  readonly lanes: Readonly<Record<Lane, LaneState>>;
};

/** What the store of an incarnation has of one lane. */
export type Stored = { readonly store: string; readonly settled: Ranges };

/** What one group commit writes. */
export type Batch = {
  readonly now: number;
  readonly entries: readonly Entry[];
  /** Layouts that the file may not have yet. */
  readonly layouts: readonly (readonly [hash: string, layout: Layout])[];
  /** What was settled since the batch before; of no use under another epoch. */
  readonly settled?: { readonly epoch: string; readonly lanes: Partial<Record<Lane, Stored>> };
  readonly notes?: Notes;
};

export type Committed = {
  readonly state: OutboxState;
  /** The highest number of each lane before: the entries have those behind it, in their order. */
  readonly before: Readonly<Record<Lane, number>>;
  /** How large the file gets until its disk is full, bytes. */
  readonly reachableBytes: number;
  /** Why the file could not be kept within its room; the next commit tries again. */
  readonly trouble?: string;
};

/** The frames of a gateway in one SQLite file. Every call blocks: it lives in a worker thread. */
export interface OutboxFile {
  state(): OutboxState;
  layouts(): readonly (readonly [hash: string, layout: Layout])[];
  notes(): FoundNotes;
  /** Writes and flushes: all of it is on disk when it returns. Then keeps within the room given. */
  commit(batch: Batch): Committed;
  read(lane: Lane, numbers: Ranges): KeptRow[];
  /**
   * Moves the times of frames and events that were taken by a wrong clock and never sent, now that the
   * right one's anchor is known (D-14); what was sent keeps its identity. Part by part: says what was
   * done, and why not all.
   */
  correct(sent: Sent, anchor: number, now: number): Correction;
  /** Goes back to what a restored store has: what is neither there nor here becomes a gap (D-15). */
  rewind(lane: Lane, to: Stored, now: number): OutboxState;
  /** Begins a new epoch and gives everything unsettled new numbers in it. */
  beginEpoch(now: number): OutboxState;
  close(): void;
}

export type OpenedFile = {
  readonly file: OutboxFile;
  /** Where a file that could not be read was put aside. */
  readonly setAside?: string;
};

/**
 * Opens the outbox or makes one. A damaged file is kept aside under another name, and a new one
 * with an epoch of its own takes its place.
 */
export function openOutboxFile(path: string, room: Room, now: number): OpenedFile {
  try {
    return { file: outboxOver(path, room, now) };
  } catch (error) {
    if (!isCorruption(error)) throw error;
    const setAside = putAside(path, now);
    return { file: outboxOver(path, room, now), setAside };
  }
}

const trimEveryMs = 60_000;
/** A transaction has to fit the journal's room on a disk that is all but full. */
const correctedAtOnce = 2_000;
/** So often a commit that finds the disk full gives something up and tries again. */
const mostTrials = 20;

function outboxOver(path: string, room: Room, openedAt: number): OutboxFile {
  const db = openDatabase(path);
  const reserve = openReserve(`${path}.reserve`);
  // The journal must find room in the reserve when its pages go home.
  limitJournal(db, reserve.bytes / 2);
  let epoch = presentEpoch(db) ?? insertEpoch(db, openedAt);
  let states: OutboxState["lanes"] = lanesOf((lane) => readLane(db, epoch.number, lane));
  let trimmedAt = Number.NEGATIVE_INFINITY;
  let isCapped = false;

  const state = (): OutboxState => ({ epoch: epoch.id, lanes: states });

  const committed = (before: Committed["before"]): Committed => {
    return { state: state(), before, reachableBytes: reachableBytes(db, path) };
  };

  /** Nothing is changed, on disk or here, unless all of it is. */
  const change = (work: (now: OutboxState["lanes"]) => OutboxState["lanes"]): OutboxState => {
    states = inTransaction(db, () => {
      const changed = work(states);
      for (const lane of lanes) {
        if (changed[lane] !== states[lane]) writeLane(db, epoch.number, lane, changed[lane]);
      }
      return changed;
    });
    return state();
  };

  /** Gives up what is least worth, about a hundredth of what there is; `false` when there is nothing. */
  const giveUp = (): boolean => {
    const present = { ...room, mostBytes: Math.min(room.mostBytes, usedBytes(db)) };
    let isDone = false;
    change((states) => {
      const left = giveUpSome(db, epoch.number, states, present);
      isDone = left !== undefined;
      return left ?? states;
    });
    return isDone;
  };

  /**
   * Makes room on a full disk. From then on the file does not grow: what the disk has left belongs to the journal.
   */
  const shrink = () => {
    if (!emptyJournal(db)) {
      reserve.spend();
      emptyJournal(db);
    }
    stopGrowth(db);
    isCapped = true;
    let isBare: boolean;
    try {
      isBare = !giveUp();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      reserve.spend();
      isBare = !giveUp();
    }
    if (isBare) {
      // Others fill the disk: what comes now is worth more than the reserve.
      reserve.spend();
      allowGrowth(db);
    }
    emptyJournal(db);
  };

  const regrow = () => {
    if (!isCapped || !reserve.restore()) return;
    allowGrowth(db);
    isCapped = false;
  };

  const changeThoughFull = (work: (now: OutboxState["lanes"]) => OutboxState["lanes"]) => {
    for (let trials = 0; ; trials += 1) {
      try {
        return change(work);
      } catch (error) {
        if (!isDiskFull(error) || trials === mostTrials) throw error;
        shrink();
      }
    }
  };

  const keepWithin = (now: number) => {
    if (usedBytes(db) > room.mostBytes) {
      change((states) => makeRoom(db, epoch.number, states, room));
    }
    if (Math.abs(now - trimmedAt) < trimEveryMs) return;
    trimmedAt = now;
    inTransaction(db, () => trimRing(db, epoch.number, states, room, now));
  };

  return {
    state,
    layouts: () =>
      db
        .prepare("SELECT hash, content FROM layouts ORDER BY number")
        .all()
        .map(({ hash, content }) => [String(hash), JSON.parse(String(content))] as const),

    notes: () => readNotes(db),

    commit({ now, entries, layouts, settled, notes = noNotes }) {
      const before = lanesOf((lane) => states[lane].last);
      let lostEvents = 0;
      const write = (states: OutboxState["lanes"]) => {
        writeLayouts(db, layouts);
        lostEvents = writeNotes(db, notes);
        const told = settled?.epoch === epoch.id ? settled.lanes : {};
        const known = lanesOf((lane) => ({ ...states[lane], ...told[lane] }));
        return writeEntries(db, epoch.number, known, entries);
      };
      regrow();
      changeThoughFull(write);
      try {
        keepWithin(now);
      } catch (error) {
        return { ...committed(before), trouble: String(error) };
      }
      if (isCapped) return { ...committed(before), trouble: "the disk is full" };
      if (lostEvents === 0) return committed(before);
      return { ...committed(before), trouble: `${lostEvents} device events were given up` };
    },

    read: (lane, numbers) => readRows(db, epoch.number, lane, numbers),

    correct(sent, anchor, now) {
      let all = noneCorrected;
      let moved: Correction["moved"] = [];
      const correctSomeEvents = (ids: readonly string[]) => {
        let some = moved;
        changeThoughFull((states) => {
          some = correctEvents(db, ids, anchor);
          return states;
        });
        moved = [...moved, ...some];
      };
      const correctPart = (lane: Lane, numbers: Ranges) => {
        let some = noneCorrected;
        changeThoughFull((states) => {
          const told = new Set(all.events.map(({ device }) => device));
          const span = { epoch: epoch.number, lane, numbers };
          some = correctTimes(db, span, { anchor, now, told });
          writeNotes(db, { ...noNotes, events: some.events });
          return states;
        });
        all = togetherCorrected(all, some);
      };
      try {
        const ids = movableEvents(db, sent.events);
        for (let from = 0; from < ids.length; from += correctedAtOnce) {
          correctSomeEvents(ids.slice(from, from + correctedAtOnce));
        }
        for (const lane of lanes) {
          const unsent = without([[1, states[lane].last]], sent[lane]);
          for (const numbers of partsOfNumbers(unsent, correctedAtOnce)) correctPart(lane, numbers);
        }
      } catch (error) {
        return { ...all, moved, trouble: String(error) };
      }
      return { ...all, moved };
    },

    rewind(lane, to, now) {
      return change((states) => ({
        ...states,
        [lane]: rewindLane(db, epoch.number, lane, { ...states[lane], ...to }, now),
      }));
    },

    beginEpoch(now) {
      const [next, moved] = inTransaction(db, () => {
        const next = insertEpoch(db, now);
        const moved = lanesOf((lane) =>
          moveToNewEpoch(db, epoch.number, next.number, lane, states[lane]),
        );
        for (const lane of lanes) writeLane(db, next.number, lane, moved[lane]);
        return [next, moved] as const;
      });
      epoch = next;
      states = moved;
      return state();
    },

    close: () => db.close(),
  };
}

type Epoch = { readonly number: number; readonly id: string };

function presentEpoch(db: DatabaseSync): Epoch | undefined {
  const row = db.prepare("SELECT number, id FROM epochs ORDER BY number DESC LIMIT 1").get();
  return row && { number: Number(row.number), id: String(row.id) };
}

function insertEpoch(db: DatabaseSync, now: number): Epoch {
  const id = uuidV7(now);
  const { lastInsertRowid } = db
    .prepare("INSERT INTO epochs (id, made) VALUES (?, ?)")
    .run(id, now);
  return { number: Number(lastInsertRowid), id };
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    if (!isCorruption(error)) throw error;
    throw new OutboxCorruptError("the outbox is damaged", { cause: error });
  }
}
