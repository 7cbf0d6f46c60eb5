import type { Connection, PduRequest } from "./connection.ts";
import type { Asker } from "./line-units.ts";
import { ModbusError } from "./modbus-error.ts";

/**
 * A request from its first turn to its end, however often it is sent. One object for all of that, changed on
 * its way: a thousand devices have thousands a second.
 */
export type Errand<T = unknown> = PduRequest & {
  readonly asked: Asked<T>;
  /** Exceptions that mean: busy, ask again. */
  readonly busyRetry: BusyRetry;
  /** What its profile gives the device to answer. */
  readonly responseTimeoutMs: number;
  /** Waits until the line has nothing else to do. */
  readonly yields: boolean;
  readonly asker: Asker;
  readonly signal: AbortSignal | undefined;
  /** One of the two is called, once. */
  resolve(taken: T): void;
  reject(error: unknown): void;

  timeoutMs: number;
  sentAt: number;
  /** The connection that there was when its turn came. */
  before: Connection | undefined;
  /** It was sent anew, since that connection was found closed. */
  isRepeated: boolean;
  /** It was asked once more, since noise had spoilt the answer. */
  isRetried: boolean;
  /** How often the device was busy. */
  busyTimes: number;
};

/** What is asked for, and what is wanted of its answer. */
export type Asked<T> = {
  readonly isWrite: boolean;
  readonly pdu: Buffer;
  readonly what: () => string;
  /** Called each time just before a write is sent; where that throws it is not. */
  readonly onSend?: (() => void) | undefined;
  /** Throws a `ModbusError` where the PDU is not the answer. */
  readonly take: (pdu: Buffer) => T;
};

export type BusyRetry = {
  /** Exceptions that mean: busy, ask again. */
  readonly exceptions: readonly number[];
  readonly count: number;
  readonly waitMs: number;
};

/** Devices hang up on an idle connection: that it was closed shows only in the next request. */
export function mayRepeat({ asked, before, isRepeated }: Errand, error: unknown): boolean {
  if (asked.isWrite || isRepeated || !isKind(error, "connection")) return false;
  return before?.wasUsed() === true && !before.isOpen();
}

/**
 * Whether what noise has spoilt is asked for once more. A line that spoils that, too, is not asked twice until
 * something was answered: its polls take no longer than they have to.
 */
export function mayRetry({ asked, asker, isRetried }: Errand, error: unknown): boolean {
  return !asked.isWrite && !isRetried && !asker.unit.isSpoilt && isKind(error, "protocol");
}

/** Whether the device said that it is busy, and may be asked again. */
export function isBusy({ busyRetry, busyTimes, signal }: Errand, error: unknown): boolean {
  const code = error instanceof ModbusError ? error.exception : undefined;
  if (code === undefined || !busyRetry.exceptions.includes(code)) return false;
  return busyTimes < busyRetry.count && signal?.aborted !== true;
}

export function isKind(error: unknown, kind: ModbusError["kind"]): boolean {
  return error instanceof ModbusError && error.kind === kind;
}
