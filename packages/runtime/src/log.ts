import { destination, type Logger, pino, stdSerializers } from "pino";
import * as z from "zod";
import { withoutQueries } from "./without-queries.ts";

/** How a program writes its log: an event a line as JSON, or lines for people. */
export type LogFormat = "json" | "pretty";

/** What `SUNLEDGER_LOG_FORMAT` says; else lines for people on a terminal and JSON anywhere else. */
export function logFormat(
  { SUNLEDGER_LOG_FORMAT: asked }: NodeJS.ProcessEnv = process.env,
  isTerminal: boolean = process.stdout.isTTY || process.stderr.isTTY,
): LogFormat {
  if (asked === "json" || asked === "pretty") return asked;
  return isTerminal ? "pretty" : "json";
}

const levels = ["debug", "info", "warn", "error"];

/** From which level on `SUNLEDGER_LOG_LEVEL` wants events to be written; `info` unless it names another. */
export function logLevel({ SUNLEDGER_LOG_LEVEL: asked = "" }: NodeJS.ProcessEnv = process.env) {
  return levels.includes(asked) ? asked : "info";
}

/** The log of a program, on standard output or where `write` takes its lines; no error in it tells of a query. */
export function openLog(
  name: string,
  format: LogFormat,
  write?: (line: string) => unknown,
): Logger {
  const options = { name, level: logLevel(), serializers: { err: errorSerializer } };
  if (format === "json") return pino(options, write ? { write } : standardOutput());
  if (!write) process.stdout.on("error", () => {});
  const out = write ?? ((line: string) => process.stdout.write(line));
  return pino(options, { write: (line) => void out(`${lineForPeople(line)}\n`) });
}

/** So much is kept of a log whose disk is full, in characters; what comes behind it is lost. */
const mostKept = 256 * 1024;

/** Standard output, written at once. Without room for its log a program has all the more to do. */
function standardOutput() {
  const output = destination({ fd: 1, sync: true, maxLength: mostKept });
  output.on("error", () => {});
  return output;
}

function errorSerializer(error: unknown): unknown {
  const clean = withoutQueries(error);
  // Whatever is no error it leaves as it is.
  return stdSerializers.err(clean as Error);
}

const Event = z.looseObject({
  level: z.number(),
  time: z.number(),
  name: z.string().optional(),
  msg: z.string().default(""),
  err: z.looseObject({ message: z.string().default(""), code: z.string().optional() }).optional(),
});

/** One event as a person reads it: when, how grave, who, what, and by what it was caused. */
export function lineForPeople(json: string): string {
  const {
    level,
    time,
    name,
    msg,
    err,
    pid: _pid,
    hostname: _host,
    ...fields
  } = Event.parse(JSON.parse(json));
  const grave = level >= 50 ? "error: " : level >= 40 ? "warning: " : "";
  const cause = err ? `: ${err.message || err.code || "unknown"}` : "";
  const named = Object.entries(fields).map(([field, value]) => `${field}=${shown(value)}`);
  const more = named.length > 0 ? ` (${named.join(", ")})` : "";
  return `${timeOfDay(time)} ${name ? `${name} ` : ""}${grave}${msg}${cause}${more}`;
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The hour of this machine, as its user's clock shows it. */
function timeOfDay(time: number): string {
  return new Date(time).toLocaleTimeString("en-GB");
}
