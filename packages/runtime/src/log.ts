import { type Logger, pino } from "pino";
import * as z from "zod";

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

/** The log of a program, on standard output. */
export function openLog(name: string, format: LogFormat): Logger {
  if (format === "json") return pino({ name });
  return pino({ name }, { write: (line) => void process.stdout.write(`${lineForPeople(line)}\n`) });
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
