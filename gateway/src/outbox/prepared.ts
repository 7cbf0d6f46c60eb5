import type { DatabaseSync, StatementSync } from "node:sqlite";

const known = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The statement with that text, made once for each open file: a commit each 20 ms needs a dozen of them. */
export function prepared(db: DatabaseSync, sql: string): StatementSync {
  const statements = known.get(db) ?? new Map<string, StatementSync>();
  known.set(db, statements);
  const before = statements.get(sql);
  if (before) return before;
  const made = db.prepare(sql);
  statements.set(sql, made);
  return made;
}
