import type { RefusalCode } from "@sunledger/model";

/** A command that is not even tried: for programs, and in words. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  /** Each fault, where there are several. */
  readonly reasons: readonly string[];

  constructor(code: RefusalCode, reason: string, reasons: readonly string[] = []) {
    super(reason);
    this.code = code;
    this.reasons = reasons;
  }
}
