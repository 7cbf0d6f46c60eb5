import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
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

/** Why the program ended, from the end of its log: its last error, else its last line. */
export function lastWords(file: string): string | undefined {
  return lastWordsOf(tailOf(file, 16 * 1024));
}

/** The same of a log that is at hand. */
export function lastWordsOf(log: string): string | undefined {
  const lines = log.split("\n").filter(Boolean);
  const events = lines.map(eventOf);
  const fatal = events.findLast((event) => event !== undefined && event.level >= 50);
  if (fatal) return fatal.err ? `${fatal.msg}: ${fatal.err.message}` : fatal.msg;
  const plain = lines.findLast((line, i) => !events[i] && /error/i.test(line));
  return plain ?? events.findLast((event) => event !== undefined)?.msg ?? lines.at(-1);
}

type LogEvent = { level: number; msg: string; err?: { message: string } };

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

function tailOf(file: string, bytes: number): string {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(handle);
    if (size <= bytes) return readFileSync(handle, "utf8");
    const buffer = Buffer.alloc(bytes);
    readSync(handle, buffer, 0, bytes, size - bytes);
    return buffer.toString("utf8").replace(/^[^\n]*\n/, "");
  } finally {
    closeSync(handle);
  }
}
