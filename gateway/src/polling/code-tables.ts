import type { AnnouncedPoint, OperatingState } from "@sunledger/model";
import type { EnumTable } from "@sunledger/model/profile";

/** What a profile says of a point's codes. */
export type CodeWords = {
  readonly states: NonNullable<AnnouncedPoint["states"]>;
  /** The vendor's codes in the words that all devices share, where the profile has them. */
  readonly commonStates: ReadonlyMap<number, OperatingState>;
  readonly severities: NonNullable<AnnouncedPoint["severities"]>;
};

const known = new WeakMap<EnumTable, CodeWords>();

/** The same words for all devices of a kind: a thousand would else have a thousand of each. */
export function codeWords(table: EnumTable): CodeWords {
  const before = known.get(table);
  if (before) return before;
  const entries = Object.entries(table);
  const words: CodeWords = {
    states: Object.fromEntries(entries.map(([code, { label }]) => [code, label])),
    commonStates: new Map(
      entries.flatMap(([code, { state }]) => (state ? [[Number(code), state]] : [])),
    ),
    severities: Object.fromEntries(
      entries.flatMap(([code, { severity }]) => (severity ? [[code, severity]] : [])),
    ),
  };
  known.set(table, words);
  return words;
}
