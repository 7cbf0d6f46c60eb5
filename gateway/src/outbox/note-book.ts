import { DeviceEvent } from "@sunledger/model";
import type { Noted } from "../polling/polled.ts";
import type { FoundNotes, NotedEvent, Notes } from "./notes.ts";
import { uuidV7 } from "./uuid-v7.ts";

/** What is noted beside the frames, in memory until a commit has it on disk. */
export interface NoteBook {
  /** Begins from what the file holds. */
  open(found: FoundNotes): void;
  add(device: string, noted: Noted, when: NotedWhen): void;
  /** Takes note that these events are kept elsewhere. */
  settle(ids: readonly string[]): void;
  /** What a commit has to write that takes the frames up to that number. */
  take(upTo: number): Notes;
  putBack(notes: Notes): void;
  /** No frame before that number will be written any more: what was noted till then needs no order. */
  gather(before: number): void;
  written(notes: Notes): void;
  isWaiting(): boolean;
  /** What was last noted of a device, also in an earlier life; `undefined` when nothing was. */
  memory(device: string): unknown;
  /** The devices of which anything was noted. */
  remembered(): readonly string[];
  /** Events that are on disk and not settled, the oldest first. */
  events(): readonly DeviceEvent[];
}

export type NotedWhen = {
  readonly now: number;
  /** The number, in memory, of the newest frame that there was: it has to be on disk first, or with it. */
  readonly after: number;
  /** Of a clock that was not synchronised, by which the events' times can be corrected. */
  readonly anchor?: number | undefined;
};

/** What was noted between two frames. */
type Page = {
  readonly after: number;
  readonly memories: Map<string, string>;
  readonly events: NotedEvent[];
};

export function noteBook(): NoteBook {
  const kept = new Map<string, DeviceEvent>();
  const remembered = new Map<string, object>();
  /** In the order of their frames. */
  let pages: Page[] = [];
  let settled: string[] = [];

  const pageAfter = (after: number): Page => {
    const last = pages.at(-1);
    if (last && last.after >= after) return last;
    const page = { after, memories: new Map(), events: [] };
    pages.push(page);
    return page;
  };

  /** Takes out the pages that satisfy. */
  const taken = (isTaken: (page: Page) => boolean): Page[] => {
    const out = pages.filter(isTaken);
    if (out.length > 0) pages = pages.filter((page) => !isTaken(page));
    return out;
  };

  return {
    open(found) {
      for (const [device, content] of found.memories) {
        const memory = parsed(content);
        if (typeof memory === "object" && memory) remembered.set(device, memory);
      }
      kept.clear();
      for (const content of found.events) {
        const event = DeviceEvent.safeParse(parsed(content)).data;
        if (event) kept.set(event.id, event);
      }
    },

    add(device, { happenings, memory }, { now, after, anchor }) {
      if (!memory && happenings.length === 0) return;
      const { memories, events } = pageAfter(after);
      if (memory) {
        const all = { ...remembered.get(device), ...memory };
        remembered.set(device, all);
        memories.set(device, JSON.stringify(all));
      }
      const beside = anchor === undefined ? {} : { anchor };
      for (const happening of happenings) {
        events.push({ id: uuidV7(now), device, ...happening, ...beside });
      }
    },

    settle(ids) {
      for (const id of ids) if (kept.delete(id)) settled.push(id);
    },

    take(upTo) {
      const { memories, events } = asOne(taken(({ after }) => after <= upTo));
      const notes = { memories: [...memories], events, settled };
      settled = [];
      return notes;
    },

    putBack({ memories, events, settled: before }) {
      if (memories.length + events.length > 0) {
        // Their frames are back too, before all others.
        pages.unshift({ after: 0, memories: new Map(memories), events: [...events] });
      }
      settled = [...before, ...settled];
    },

    gather(before) {
      const past = taken(({ after }) => after < before);
      if (past.length > 0) pages.unshift(asOne(past));
    },

    written(notes) {
      for (const { anchor: _, ...event } of notes.events) kept.set(event.id, event);
    },

    isWaiting: () => pages.length + settled.length > 0,

    memory: (device) => remembered.get(device),
    remembered: () => [...remembered.keys()],

    events: () => [...kept.values()],
  };
}

/** Of each device the newest word. */
function asOne(pages: readonly Page[]): Page {
  return {
    after: pages.at(-1)?.after ?? 0,
    memories: new Map(pages.flatMap(({ memories }) => [...memories])),
    events: pages.flatMap(({ events }) => events),
  };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
