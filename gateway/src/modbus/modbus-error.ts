/** What went wrong between a request and its answer. */
export type ModbusFailure = "timeout" | "exception" | "connection" | "protocol" | "echo";

/**
 * A request that got no usable answer. `timeout`: none in time. `exception`: the device refused.
 * `connection`: there is none, or it broke. `protocol`: what came was not an answer to the request.
 * `echo`: a write was confirmed with another address or value than it had.
 */
export class ModbusError extends Error {
  override readonly name = "ModbusError";
  readonly kind: ModbusFailure;
  /** The exception's code, when the device refused. */
  readonly exception: number | undefined;

  constructor(
    kind: ModbusFailure,
    message: string,
    { exception, cause }: { readonly exception?: number; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.exception = exception;
  }
}

const meanings: Readonly<Record<number, string>> = {
  1: "illegal function",
  2: "illegal data address",
  3: "illegal data value",
  4: "device failure",
  5: "acknowledge, still working",
  6: "busy",
  8: "memory parity error",
  10: "gateway path unavailable",
  11: "gateway target did not answer",
};

/** An exception's code in words. */
export function exceptionText(code: number): string {
  return `exception ${code} (${meanings[code] ?? "unknown"})`;
}

/** The device does not know the registers or the function: asking again will not help. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ModbusError && [1, 2, 3].includes(error.exception ?? 0);
}

/** The device itself cannot be reached, whatever is asked of it. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof ModbusError)) return false;
  return error.kind === "connection" || error.exception === 10 || error.exception === 11;
}
