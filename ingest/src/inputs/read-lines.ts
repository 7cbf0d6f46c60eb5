import {
  type LineMapping,
  linesOf,
  mapLine,
  type Precision,
  parseLine,
} from "@sunledger/model/inputs";
import type { Input } from "./input-desk.ts";

export type ReadLines = {
  /** By the gateway in whose name they are stored. */
  readonly inputs: ReadonlyMap<string, readonly Input[]>;
  /** Why the others cannot be used, each with its line. */
  readonly refused: readonly string[];
  /** How many there were. */
  readonly lines: number;
};

/** Reads a body of line protocol by the first mapping of each line's measurement. */
export function readLines(
  body: string,
  mappings: readonly LineMapping[],
  precision: Precision,
): ReadLines {
  const inputs = new Map<string, Input[]>();
  const refused: string[] = [];
  let lines = 0;
  for (const [i, text] of linesOf(body).entries()) {
    const line = parseLine(text);
    if (!line) continue;
    lines += 1;
    const refuse = (reason: string) => refused.push(`unable to parse line ${i + 1}: ${reason}`);
    if ("reason" in line) {
      refuse(line.reason);
      continue;
    }
    const mapping = mappings.find(({ measurement }) => measurement === line.measurement);
    if (!mapping) {
      refuse(`no mapping is for measurement ${line.measurement}`);
      continue;
    }
    const answer = mapLine(mapping, line, precision);
    if (!answer.ok) {
      refuse(answer.reason);
      continue;
    }
    const own = inputs.get(mapping.gateway) ?? [];
    inputs.set(mapping.gateway, own);
    own.push(answer);
  }
  return { inputs, refused, lines };
}
