import { renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { OutboxCorruptError, OutboxUnusableError } from "./errors.ts";
import { makeNoteTables } from "./notes.ts";

const version = 1;
/** SQLite's own limit. */
const mostPages = 4_294_967_294;

/** Rows of `frames` lie in the order in which they are read and given up; nothing else is indexed. */
const schema = `
  CREATE TABLE epochs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, made INTEGER NOT NULL);
  CREATE TABLE lanes (
    epoch INTEGER NOT NULL, lane TEXT NOT NULL,
    last INTEGER NOT NULL, settled TEXT NOT NULL, store TEXT,
    PRIMARY KEY (epoch, lane)
  ) WITHOUT ROWID;
  CREATE TABLE layouts (number INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, content TEXT NOT NULL);
  CREATE TABLE frames (
    epoch INTEGER NOT NULL, lane TEXT NOT NULL, sequence INTEGER NOT NULL,
    at INTEGER NOT NULL, layout INTEGER NOT NULL, row TEXT NOT NULL,
    PRIMARY KEY (epoch, lane, sequence)
  ) WITHOUT ROWID;
  CREATE TABLE gaps (
    epoch INTEGER NOT NULL, lane TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (epoch, lane, first)
  ) WITHOUT ROWID;
  -- When some of the frames were taken that are here no more: the times of a later gap.
  CREATE TABLE marks (
    epoch INTEGER NOT NULL, lane TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (epoch, lane, sequence)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${version};
`;

/** Opens the file, makes its tables when it is new, and checks that it is whole. */
export function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    // Exclusive: a second gateway on this outbox would give the same numbers to other frames.
    db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 8388608");
    const found = Number(db.prepare("PRAGMA user_version").get()?.user_version);
    if (found > version) {
      throw new OutboxUnusableError(`the outbox ${path} was written by a newer version`);
    }
    const [finding] = Object.values(db.prepare("PRAGMA quick_check(1)").get() ?? {});
    if (finding !== "ok") throw new OutboxCorruptError(`the outbox is damaged: ${finding}`);
    if (found === 0) db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`);
    makeNoteTables(db);
    return db;
  } catch (error) {
    db.close();
    if (codeOf(error) === busy) {
      throw new OutboxUnusableError(`the outbox ${path} is in use by another process`);
    }
    throw error;
  }
}

/** Lets the journal grow to about so many bytes before its pages go home into the file. */
export function limitJournal(db: DatabaseSync, bytes: number): void {
  const { page_size } = db.prepare("PRAGMA page_size").get() ?? {};
  const pages = Math.max(8, Math.floor(bytes / Number(page_size)));
  db.exec(`PRAGMA wal_autocheckpoint = ${pages}`);
}

/** Brings the journal's pages home and gives its room back; `false` when the file cannot grow. */
export function emptyJournal(db: DatabaseSync): boolean {
  try {
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return true;
  } catch (error) {
    if (isDiskFull(error)) return false;
    throw error;
  }
}

/** From now on the file takes no more pages than it has: who wants one finds the disk full. */
export function stopGrowth(db: DatabaseSync): void {
  const { page_count } = db.prepare("PRAGMA page_count").get() ?? {};
  db.exec(`PRAGMA max_page_count = ${Number(page_count)}`);
}

export function allowGrowth(db: DatabaseSync): void {
  db.exec(`PRAGMA max_page_count = ${mostPages}`);
}

/** Gives the file and its journal another name, beside the old one; answers the new name. */
export function putAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, "-");
  const aside = `${path}.damaged-${stamp}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    try {
      renameSync(`${path}${suffix}`, `${aside}${suffix}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return aside;
}

const busy = 5;
const corrupt = 11;
const full = 13;
const notADatabase = 26;

export function isCorruption(error: unknown): boolean {
  const code = codeOf(error);
  return error instanceof OutboxCorruptError || code === corrupt || code === notADatabase;
}

export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === full;
}

/** SQLite's primary result code. */
function codeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}
