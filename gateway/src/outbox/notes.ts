import type { DatabaseSync } from "node:sqlite";
import type { DeviceEvent } from "@sunledger/model";
import { prepared } from "./prepared.ts";

/** An event as it is kept: by a clock that was not synchronised its anchor lies beside it, like a frame's. */
export type NotedEvent = DeviceEvent & { readonly anchor?: number };

/** What is kept beside the frames and in the same commit: it never tells of a frame that was lost. */
export type Notes = {
  /** What must be known of a device after a restart, as JSON: the newest word counts. */
  readonly memories: readonly (readonly [device: string, content: string])[];
  /** Events that wait until they are acknowledged. */
  readonly events: readonly NotedEvent[];
  /** Ids of events that were. */
  readonly settled: readonly string[];
};

export const noNotes: Notes = { memories: [], events: [], settled: [] };

/** So many events wait at most: a device that is out of its mind must not fill the disk. */
const mostWaiting = 20_000;

export function makeNoteTables(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE IF NOT EXISTS memories (device TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
  `);
}

/** Writes the notes of one commit; answers how many events had to be given up. */
export function writeNotes(db: DatabaseSync, { memories, events, settled }: Notes): number {
  const remember = prepared(db, "INSERT OR REPLACE INTO memories VALUES (?, ?)");
  for (const [device, content] of memories) remember.run(device, content);
  const insert = prepared(db, "INSERT OR IGNORE INTO events VALUES (?, ?)");
  for (const event of events) insert.run(event.id, JSON.stringify(event));
  const forget = prepared(db, "DELETE FROM events WHERE id = ?");
  for (const id of settled) forget.run(id);
  if (events.length === 0) return 0;
  const { changes } = db
    .prepare(
      "DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id DESC LIMIT -1 OFFSET ?)",
    )
    .run(mostWaiting);
  return Number(changes);
}

/** Notes as they lie on disk: events as JSON, of which nothing is known yet. */
export type FoundNotes = Pick<Notes, "memories"> & { readonly events: readonly string[] };

export function readNotes(db: DatabaseSync): FoundNotes {
  const memories = db.prepare("SELECT device, content FROM memories").all();
  const events = db.prepare("SELECT content FROM events ORDER BY id").all();
  return {
    memories: memories.map(({ device, content }) => [String(device), String(content)]),
    events: events.map(({ content }) => String(content)),
  };
}
