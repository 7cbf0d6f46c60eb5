import { cataloguePoint } from "@sunledger/model/points";
import { type RegisterRow, type RegisterType, wordsOf } from "./register.ts";

type NumberType = Exclude<RegisterType, "string">;

/** What all numbers of a maker have in common. */
export type Manner = {
  /** The marks for "no value" by type, raw; -1 stands for all ones of 64 bits. */
  readonly missing?: Partial<Record<NumberType, number>>;
  readonly lowWordFirst?: true;
};

/** What sets one row apart from the maker's others. */
export type RowTraits = Partial<
  Pick<RegisterRow, "readBy" | "ratio" | "alone" | "digits" | "fixed" | "missing" | "lowWordFirst">
>;

export type NumberRow = (
  address: number,
  type: NumberType,
  point: string,
  /** Canonical units for each count. */
  scale?: number,
  traits?: RowTraits,
) => RegisterRow;

/** How a maker writes numbers: a function that makes a row of an address, a type, a point and a scale. */
export function numbersOf({ missing = {}, lowWordFirst }: Manner): NumberRow {
  return (address, type, point, scale = 1, traits = {}) => {
    const canonical = cataloguePoint(point);
    const words = wordsOf[type];
    return {
      ...{ address, type, words, point, scale },
      ...(missing[type] !== undefined && { missing: missing[type] }),
      ...(lowWordFirst && words > 1 && { lowWordFirst }),
      ...(canonical?.unit && { unit: canonical.unit }),
      ...(canonical?.kind === "counter" && { counter: true }),
      ...traits,
    };
  };
}

/** A text, two characters a register; empty while there is none. */
export function textRow(
  address: number,
  words: number,
  point: string,
  traits: RowTraits = {},
): RegisterRow {
  return { address, type: "string", words, point, scale: 1, missing: "", ...traits };
}
