import {
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from "node:fs";

const mostBytes = 8 * 1024 * 1024;

/** Opens a program's log to append to it; one that has grown large is set aside first. */
export function openLog(file: string): number {
  try {
    if (statSync(file).size > mostBytes) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
  return openSync(file, "a", 0o600);
}

/**
 * Sets what a running program has written aside when that has grown large. Its log is opened to append,
 * so it goes on in the emptied file; lines of the very moment may be lost.
 */
export function boundLog(file: string, most = mostBytes): void {
  try {
    if (statSync(file).size <= most) return;
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
  } catch {
    // There is none yet, or no room for a copy: the next time may do.
  }
}

/** How many bytes the log has: what one run of a program has written stands behind that. */
export function lengthOf(log: number): number {
  return fstatSync(log).size;
}

const lookBackBytes = 16 * 1024;

/** What a program's log called an error: when, Unix milliseconds, and in its words. */
export type LogError = { readonly at: number; readonly said: string };

/** The newest error that a program has logged since then. */
export function lastError(file: string, since: number): LogError | undefined {
  const events = tailOf(file, 0, lookBackBytes).split("\n").map(eventOf);
  const found = events.findLast((event) => event !== undefined && event.level >= 50);
  if (found?.time === undefined || found.time < since) return undefined;
  return { at: found.time, said: sayingOf(found) };
}

/** Why the program ended, from its log behind `from` bytes: its last error, where it wrote one. */
export function lastWords(file: string, from: number): string | undefined {
  return lastWordsOf(tailOf(file, from, lookBackBytes));
}

/** The same of a log that is at hand. An error that nobody caught is written by Node, behind all events. */
export function lastWordsOf(log: string): string | undefined {
  const lines = log.split("\n").filter(Boolean);
  const events = lines.map(eventOf);
  const last = lines.findLastIndex((line, i) => {
    const event = events[i];
    return event ? event.level >= 50 : firstOfStack.test(line);
  });
  const event = events[last];
  if (event) return sayingOf(event);
  return lines[last] ?? lines.findLast((line, i) => !events[i] && /error/i.test(line));
}

/** An error as Node prints it, or PostgreSQL's, which is named in small letters. */
const firstOfStack =
  /^(?:Uncaught )?\[?(?:[A-Z]\w*(?:Error|Exception|Rejection)|Error|error)\b[^:]{0,60}:/;

type LogEvent = {
  level: number;
  msg: string;
  time?: number;
  err?: { message: string };
  /** What keeps a program from its work without being an error of a call. */
  trouble?: string;
};

function sayingOf({ msg, err, trouble }: LogEvent): string {
  const why = err?.message ?? trouble;
  return why === undefined ? msg : `${msg}: ${why}`;
}

function eventOf(line: string): LogEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const event = JSON.parse(line) as Partial<LogEvent>;
    return typeof event.level === "number" && typeof event.msg === "string"
      ? (event as LogEvent)
      : undefined;
  } catch {
    return undefined;
  }
}

function tailOf(file: string, from: number, most: number): string {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(handle);
    const begin = from > size ? 0 : from; // set aside since
    const start = Math.max(begin, size - most);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    readSync(handle, buffer, 0, buffer.length, start);
    const text = buffer.toString("utf8");
    return start > begin ? text.replace(/^[^\n]*\n/, "") : text;
  } finally {
    closeSync(handle);
  }
}
