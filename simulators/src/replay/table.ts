import type { Flag } from "@sunledger/model";

/** One row of a file: cells by column, and where it stands. */
export type TableRow = {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
  /** What the source says of the whole row's values. */
  readonly flag?: Flag;
};

/** What was found wrong with a file, line by line. */
export type Complain = (line: number, reason: string) => void;

/** A file as rows of named cells. */
export type Table = {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<TableRow>;
};
