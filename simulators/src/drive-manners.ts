import { parseArgs } from "node:util";
import { ConfigError, type DriverOptions } from "@sunledger/runtime";

/** How time is driven, as the arguments say. */
export type Drive = {
  /** How many times as fast as real time. */
  readonly speed: number;
  /** Of a demonstration: the real time after which it goes on without a program that does not answer. */
  readonly patienceMs?: number;
};

/**
 * `--speed N`, and for a demonstration `--patience SECONDS`; `undefined` where time is the system's or a
 * driver's. Throws a `ConfigError` for anything else.
 */
export function driveOf(args: readonly string[]): Drive | undefined {
  const { speed, patience } = parsed(args);
  if (speed === undefined && patience === undefined) return undefined;
  if (speed === undefined) throw new ConfigError("--patience is of a drive: it needs --speed");
  const factor = positive("--speed", speed);
  if (patience === undefined) return { speed: factor };
  return { speed: factor, patienceMs: positive("--patience", patience) * 1_000 };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new ConfigError(`${name} is a number above 0, not ${text}`);
}

function parsed(args: readonly string[]) {
  try {
    const options = { speed: { type: "string" }, patience: { type: "string" } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`${reason}\nuse: [--speed N [--patience SECONDS]]`);
  }
}

/** A gateway at a device that is away waits out a few time-outs of the network before it answers. */
const longMs = 20_000;

/**
 * Whom the driver waits for, and how long. A simulation must be exact on a busy machine too: it waits
 * for what stores and answers, and long for gateways. Of a demonstration a person watches the screen:
 * time that stood still for one that hangs would show its last values as the present ones.
 */
export function driveManners(
  { patienceMs }: Drive,
  central: readonly string[],
  gateways: readonly string[],
): Required<Pick<DriverOptions, "patienceMs" | "firstAnswerMs" | "mayStayBehind">> {
  if (patienceMs === undefined) {
    return { patienceMs: longMs, firstAnswerMs: longMs, mayStayBehind: gateways };
  }
  return { patienceMs, firstAnswerMs: longMs, mayStayBehind: [...central, ...gateways] };
}
