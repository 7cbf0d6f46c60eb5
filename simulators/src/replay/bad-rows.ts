import type { Complain } from "./table.ts";

export type BadRows = {
  readonly complain: Complain;
  /** Tells how many more there were than were told one by one. */
  end(): void;
  /** Rows with at least one fault. */
  count(): number;
};

/** After so many faults only their number is told. */
const mostTold = 20;

/** Tells each fault of a file by its place, `FILE:LINE: column and reason`, up to a bearable number. */
export function badRows(file: string, tell: (line: string) => void): BadRows {
  const lines = new Set<number>();
  let faults = 0;
  return {
    complain(line, reason) {
      lines.add(line);
      faults += 1;
      if (faults <= mostTold) tell(`${file}:${line}: ${reason}`);
    },
    end() {
      if (faults > mostTold) tell(`${file}: ${faults - mostTold} more faults`);
    },
    count: () => lines.size,
  };
}
