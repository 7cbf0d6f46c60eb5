import { DeviceEvent } from "@sunledger/model";
import type { Noted } from "../polling/polled.ts";
import type { FoundNotes, NotedEvent, Notes } from "./notes.ts";
import { uuidV7 } from "./uuid-v7.ts";

/** What is noted beside the frames, in memory until a commit has it on disk. */
export interface NoteBook {
  /** Begins from what the file holds. */
  open(found: FoundNotes): void;
  /** `anchor`: of a clock that was not synchronised, by which the events' times can be corrected. */
  add(device: string, noted: Noted, now: number, anchor?: number): void;
  /** Takes note that these events are kept elsewhere. */
  settle(ids: readonly string[]): void;
  /** What the next commit has to write. */
  take(): Notes;
  putBack(notes: Notes): void;
  written(notes: Notes): void;
  isWaiting(): boolean;
  /** What was last noted of a device, also in an earlier life; `undefined` when nothing was. */
  memory(device: string): unknown;
  /** The devices of which anything was noted. */
  remembered(): readonly string[];
  /** Events that are on disk and not settled, the oldest first. */
  events(): readonly DeviceEvent[];
}

export function noteBook(): NoteBook {
  const kept = new Map<string, DeviceEvent>();
  const remembered = new Map<string, object>();
  let memories = new Map<string, string>();
  let events: NotedEvent[] = [];
  let settled: string[] = [];

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

    add(device, { happenings, memory }, now, anchor) {
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

    take() {
      const taken = { memories: [...memories], events, settled };
      memories = new Map();
      events = [];
      settled = [];
      return taken;
    },

    putBack(notes) {
      memories = new Map([...notes.memories, ...memories]);
      events = [...notes.events, ...events];
      settled = [...notes.settled, ...settled];
    },

    written(notes) {
      for (const { anchor: _, ...event } of notes.events) kept.set(event.id, event);
    },

    isWaiting: () => memories.size + events.length + settled.length > 0,

    memory: (device) => remembered.get(device),
    remembered: () => [...remembered.keys()],

    events: () => [...kept.values()],
  };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
