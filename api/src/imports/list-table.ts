/** A list as its file has it: the head and the rows below, each with its line. */
export type ListTable = {
  readonly head: readonly string[];
  readonly rows: readonly ListRow[];
  /** How its letters were read, where it is no UTF-8. */
  readonly readAs?: "gb18030";
};

export type ListRow = {
  /** As editors and spreadsheets count, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
};

/** The file is no list at all, or not one that may be read. */
export class UnreadableList extends Error {
  override readonly name = "UnreadableList";
}

/** So many rows a list may have: as many devices as a gateway polls. */
export const mostRows = 3_000;

/** So many columns: more than anybody asks for, and few enough to say of each that nobody knows it. */
export const mostColumns = 100;

/** The first of these rows that says anything as the head, and what stands below it. */
export function tableOf(all: Iterable<ListRow>): ListTable {
  let head: readonly string[] | undefined;
  const rows: ListRow[] = [];
  for (const { line, cells } of all) {
    const trimmed = cells.map((cell) => cell.trim());
    if (trimmed.every((cell) => cell === "")) continue;
    if (trimmed.slice(mostColumns).some((cell) => cell !== "")) {
      throw new UnreadableList(`it has more than ${mostColumns} columns`);
    }
    if (!head) {
      head = trimmed;
      continue;
    }
    if (rows.length === mostRows) {
      throw tooLong();
    }
    rows.push({ line, cells: trimmed });
  }
  if (!head) throw new UnreadableList("it is empty");
  return { head, rows };
}

export function tooLong(): UnreadableList {
  return new UnreadableList(`it has more than ${mostRows} rows: cut it in two`);
}
