import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type LedgerHead, LedgerLine, type ServedValue } from "./lines.ts";

/** A point's value as a read was answered with it. */
export type Served = {
  /** When the read was answered, Unix milliseconds. */
  readonly at: number;
  /** The instant the values belong to, at most 200 ms before. */
  readonly instant: number;
  readonly value: ServedValue;
};

/** What a device has served, point by point, in the order of serving. */
export type ServedPoints = ReadonlyMap<string, readonly Served[]>;

/** Reads back what `openLedger` has written of a device: nothing that was not asked for is in it. */
export async function readLedger(
  folder: string,
  plant: string,
  tag: string,
): Promise<ServedPoints> {
  const served = new Map<string, Served[]>();
  let head: LedgerHead | undefined;
  let now: ServedValue[] = [];
  let instant = Number.NaN;

  for (const line of await linesOf(join(folder, `${plant}.${tag}.jsonl`))) {
    if ("v" in line) {
      head = line;
      now = [];
    } else if ("i" in line) {
      instant = line.i;
      for (const [place, value] of line.c) now[place] = value;
    } else {
      const [at, start, count, readBy] = line.r;
      head?.points.forEach(([point, address, words, itsOwn], place) => {
        if (itsOwn !== readBy || address < start || address + words > start + count) return;
        const known = served.get(point);
        const entry = { at, instant, value: now[place] ?? null };
        if (known) known.push(entry);
        else served.set(point, [entry]);
      });
    }
  }
  return served;
}

async function linesOf(path: string): Promise<LedgerLine[]> {
  const older = await textOf(`${path}.1`);
  const newer = await textOf(path);
  return `${older}${newer}`.split("\n").flatMap((line) => {
    const parsed = LedgerLine.safeParse(json(line));
    // The last line of a killed program may be cut off.
    return parsed.success ? [parsed.data] : [];
  });
}

function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
