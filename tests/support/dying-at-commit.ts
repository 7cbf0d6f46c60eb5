import { readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/**
 * Loaded into a program before its own code (`node --import`): once the file is there that `TEST_DEATH_FILE`
 * names, the program kills itself at its next commit to SQLite, in whatever thread: with all of it written
 * and nothing committed where the file says `before`, else with nothing said of it to anybody.
 */
const { TEST_DEATH_FILE: file } = process.env;
const { exec } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function execOrDie(sql: string) {
  const order = sql === "COMMIT" ? takenOrder() : undefined;
  if (order !== "before") exec.call(this, sql);
  if (order !== undefined) process.kill(process.pid, "SIGKILL");
};

function takenOrder(): string | undefined {
  if (file === undefined) return undefined;
  try {
    const order = readFileSync(file, "utf8");
    rmSync(file);
    return order;
  } catch {
    return undefined;
  }
}
