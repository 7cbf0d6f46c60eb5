import {
  type LineMapping,
  linesOf,
  mapLine,
  type Precision,
  parseLine,
} from "@sunledger/model/inputs";
import type { Input } from "./input-desk.ts";

export type ReadLines = {
  /** By the gateway in whose name they are stored: those that cannot be used, too. */
  readonly inputs: ReadonlyMap<string, readonly Input[]>;
  /** Why some cannot be used, each with its line. */
  readonly refused: readonly string[];
  /** How many there were. */
  readonly lines: number;
};

/** What is read before others have their turn. */
const linesASlice = 500;

/**
 * Reads a body of line protocol by the first mapping of each line's measurement. What cannot be used is told, and
 * goes to quarantine where its measurement tells whose it is (D-6).
 */
export async function readLines(
  body: string,
  mappings: readonly LineMapping[],
  precision: Precision,
): Promise<ReadLines> {
  const inputs = new Map<string, Input[]>();
  const refused: string[] = [];
  let lines = 0;
  for (const [i, text] of linesOf(body).entries()) {
    if ((i + 1) % linesASlice === 0) await new Promise(setImmediate);
    const line = parseLine(text);
    if (!line) continue;
    lines += 1;
    const measurement = "reason" in line ? measurementOf(text) : line.measurement;
    const mapping = mappings.find((one) => one.measurement === measurement);
    const input = inputOf(line, mapping, precision);
    if (!input.ok) refused.push(`unable to parse line ${i + 1}: ${input.reason}`);
    if (!mapping) continue;
    const own = inputs.get(mapping.gateway) ?? [];
    inputs.set(mapping.gateway, own);
    own.push(input.ok ? input : { ...input, payload: { line: text, precision } });
  }
  return { inputs, refused, lines };
}

type Read = Exclude<ReturnType<typeof parseLine>, undefined>;

function inputOf(
  line: Read,
  mapping: LineMapping | undefined,
  precision: Precision,
): ReturnType<typeof mapLine> {
  const refuse = (reason: string) => ({ ok: false as const, reason });
  if ("reason" in line) return refuse(line.reason);
  if (!mapping) return refuse(`no mapping is for measurement ${line.measurement}`);
  const answer = mapLine(mapping, line, precision);
  // A writer that was not answered in time writes again (D-5).
  return answer.ok && line.time === undefined
    ? refuse("it has no timestamp: written again it would be another value")
    : answer;
}

/** What a line begins with that cannot be read any further. */
function measurementOf(text: string): string | undefined {
  const [name] = /^(?:\\.|[^\\, ])+/s.exec(text.trim()) ?? [];
  return name?.replace(/\\([,= \\])/g, "$1");
}
