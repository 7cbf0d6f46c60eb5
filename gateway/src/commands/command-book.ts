import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CommandResult } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import { isCorruption, putAside } from "../outbox/schema.ts";
import { Hold } from "./hold.ts";

/** What became of a command that came before. */
export type KnownCommand = {
  /** Names what was ordered: another order under the same id is another command. */
  readonly digest: string;
  /** Its last word; `accepted` or `progress` while it is under way. */
  readonly result: CommandResult;
};

/**
 * What must not be forgotten of commands, on disk before it is acted upon: an id is obeyed once, a
 * set-point that shall revert does so after a restart, flash is not worn by restarts.
 */
export interface CommandBook {
  find(id: string): KnownCommand | undefined;
  /** A command is about to be tried. */
  begin(digest: string, result: CommandResult): void;
  /** A command is over. */
  settle(result: CommandResult): void;
  /** Last words that the platform may not have heard, the oldest first. */
  untold(): CommandResult[];
  told(id: string): void;
  /** Those that were under way when the gateway last ran. */
  interrupted(): string[];
  /** Set-points that stand on somebody's order. */
  holds(): Hold[];
  hold(device: string, point: string): Hold | undefined;
  keepHold(hold: Hold): void;
  dropHold(device: string, point: string): void;
  noteWrite(device: string, point: string, at: number): void;
  /** How often a set-point was written in the last `ms` before now. */
  writesWithin(device: string, point: string, ms: number, now: number): number;
  close(): void;
}

export type CommandBookParts = {
  /** So many commands are remembered, beyond those that the platform has not heard of. */
  readonly mostCommands?: number;
  readonly clock: Clock;
  readonly log: Pick<Scope["log"], "error">;
};

/** A command expires within minutes: older ids can be forgotten. */
const usualCommands = 2_000;
const mostResultBytes = 8 * 1024 * 1024;
const oneDayMs = 86_400_000;

const schema = `
  CREATE TABLE IF NOT EXISTS commands (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
    over INTEGER NOT NULL, told INTEGER NOT NULL, result TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS holds (
    device TEXT NOT NULL, point TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (device, point)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS writes (device TEXT NOT NULL, point TEXT NOT NULL, at INTEGER NOT NULL);
`;

/**
 * Opens `commands.db` in the folder of the outbox. Its writes are few and wait for the disk. A damaged
 * file is put aside; throws where there can be none.
 */
export function openCommandBook(folder: string, parts: CommandBookParts): CommandBook {
  mkdirSync(folder, { recursive: true });
  const db = openedWhole(join(folder, "commands.db"), parts);
  const find = db.prepare("SELECT digest, result FROM commands WHERE id = ?");
  const rows = (sql: string, column: string): string[] =>
    db
      .prepare(sql)
      .all()
      .map((row) => String(row[column]));

  const forgetOld = () => {
    db.prepare(
      `DELETE FROM commands WHERE over = 1 AND told = 1 AND number <= (
         SELECT MAX(number) FROM (
           SELECT number, ROW_NUMBER() OVER newest AS place, SUM(LENGTH(result)) OVER newest AS bytes
           FROM commands WINDOW newest AS (ORDER BY number DESC)
         ) WHERE place > ? OR bytes > ?)`,
    ).run(parts.mostCommands ?? usualCommands, mostResultBytes);
  };

  return {
    find(id) {
      const row = find.get(id);
      if (!row) return;
      return { digest: String(row.digest), result: resultOf(String(row.result)) };
    },

    begin(digest, result) {
      db.prepare(
        "INSERT INTO commands (id, digest, over, told, result) VALUES (?, ?, 0, 0, ?)",
      ).run(result.id, digest, JSON.stringify(result));
      forgetOld();
    },

    settle(result) {
      db.prepare("UPDATE commands SET over = 1, told = 0, result = ? WHERE id = ?").run(
        JSON.stringify(result),
        result.id,
      );
    },

    untold: () =>
      rows("SELECT result FROM commands WHERE over = 1 AND told = 0 ORDER BY number", "result").map(
        resultOf,
      ),
    told: (id) => void db.prepare("UPDATE commands SET told = 1 WHERE id = ? AND over = 1").run(id),
    interrupted: () => rows("SELECT id FROM commands WHERE over = 0 ORDER BY number", "id"),

    holds: () =>
      rows("SELECT content FROM holds", "content").map((text) => Hold.parse(JSON.parse(text))),

    hold(device, point) {
      const row = db
        .prepare("SELECT content FROM holds WHERE device = ? AND point = ?")
        .get(device, point);
      return row && Hold.parse(JSON.parse(String(row.content)));
    },

    keepHold(hold) {
      db.prepare("INSERT OR REPLACE INTO holds VALUES (?, ?, ?)").run(
        hold.device,
        hold.point,
        JSON.stringify(hold),
      );
    },

    dropHold: (device, point) =>
      void db.prepare("DELETE FROM holds WHERE device = ? AND point = ?").run(device, point),

    noteWrite(device, point, at) {
      db.prepare("DELETE FROM writes WHERE at < ?").run(at - oneDayMs);
      db.prepare("INSERT INTO writes VALUES (?, ?, ?)").run(device, point, at);
    },

    writesWithin(device, point, ms, now) {
      // By a clock that has been set back since they would count until that time comes once more.
      db.prepare("UPDATE writes SET at = ? WHERE at > ?").run(now, now);
      const sql = "SELECT COUNT(*) AS n FROM writes WHERE device = ? AND point = ? AND at > ?";
      return Number(db.prepare(sql).get(device, point, now - ms)?.n);
    },

    close: () => db.close(),
  };
}

function openedWhole(path: string, { log, clock }: CommandBookParts): DatabaseSync {
  try {
    return opened(path);
  } catch (error) {
    if (!isCorruption(error)) throw error;
    const aside = putAside(path, clock.now());
    log.error({ err: error, aside }, "the record of commands is damaged: a new one begins");
    return opened(path);
  }
}

function opened(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    db.exec(schema);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function resultOf(text: string): CommandResult {
  return CommandResult.parse(JSON.parse(text));
}
