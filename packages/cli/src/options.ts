import { readWrittenTime } from "@sunledger/model";
import { InvalidArgumentError } from "commander";

/** An option's instant with its offset, Unix milliseconds; a moment that no calendar has is none. */
export function instantOption(text: string): number {
  const written = readWrittenTime(text);
  if (written === "nonexistent") throw new InvalidArgumentError("There is no such moment.");
  if (written === "unreadable" || written.offset === undefined) {
    throw new InvalidArgumentError("Write it with its offset: 2026-11-22T00:00:00+08:00 or …Z.");
  }
  return written.wall - written.offset;
}

/** An option's number above 0. */
export function factorOption(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Write a number above 0.");
}

/** An option's whole number above 0. */
export function countOption(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("Write a whole number above 0.");
}
