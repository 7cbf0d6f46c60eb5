import type { FailureCode, WrittenPoint } from "@sunledger/model";
import { isUnreachable, ModbusError } from "../modbus/modbus-error.ts";
import { ProfileMismatch } from "../polling/identify.ts";

/** A command that was tried and did not come to its end. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly written: WrittenPoint | undefined;

  constructor(code: FailureCode, reason: string, written?: WrittenPoint) {
    super(reason);
    this.code = code;
    this.written = written;
  }
}

/** What an error of the line means for a command. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure(codeOf(error), reason);
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof ProfileMismatch) return "unknownDevice";
  if (!(error instanceof ModbusError)) return "internal";
  if (isUnreachable(error)) return "unreachable";
  const codes = { timeout: "noAnswer", exception: "exception", protocol: "protocol" } as const;
  if (error.kind === "echo") return "echoDiffers";
  return error.kind === "connection" ? "unreachable" : codes[error.kind];
}
