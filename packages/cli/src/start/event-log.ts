import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@sunledger/runtime";
import type { DataFolder } from "./data-folder.ts";
import { unlessFull } from "./unless-full.ts";

export type EventLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

/** What the supervisor itself does, one JSON event a line in `logs/start.log`, as the programs log. */
export function eventLog(folder: DataFolder, clock: Clock): EventLog {
  const file = join(folder.logs, "start.log");
  const write = (level: number) => (fields: object, msg: string) => {
    const event = { level, time: clock.now(), name: "start", ...fields, msg };
    unlessFull(() => appendFileSync(file, `${JSON.stringify(event, errorsInFull)}\n`));
  };
  return { info: write(30), warn: write(40) };
}

function errorsInFull(_key: string, value: unknown): unknown {
  return value instanceof Error ? { message: value.message, stack: value.stack } : value;
}
