import type { DeviceEventKind, KeptEvent } from "@sunledger/model";
import { type Decimal, decimalOfText, minus, plus, zero } from "@sunledger/model/decimal";

/** Where a counter went on from another value than it had: it was exchanged or set back, or leapt. */
export type CounterBreak = Pick<KeptEvent, "at" | "before" | "after" | "counted">;

/** The events that tell of one. */
export const breakKinds = ["reset", "rollover", "leap"] as const satisfies DeviceEventKind[];

/**
 * What has to be added to a difference of readings that lies over these breaks, exactly: with it the
 * segments before and after each of them add up (M-5). What was counted between the last value before a
 * break and the first one after it is not in it, except over a roll-over, where it is known.
 */
export function carriedOver(breaks: readonly CounterBreak[]): Decimal {
  return breaks.reduce((sum, { before, after, counted = "0" }) => {
    const step = minus(decimalOfText(before), decimalOfText(after));
    return plus(sum, plus(step, decimalOfText(counted)));
  }, zero);
}

/** Whether nothing that was counted is missing over the break. */
export function isWholeOver({ counted }: CounterBreak): boolean {
  return counted !== undefined;
}
