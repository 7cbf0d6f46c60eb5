import { join } from "node:path";
import { readLines } from "./json-lines.ts";
import { type LedgerHead, LedgerLine, type ServedValue, type Unserved } from "./lines.ts";
import { isShortened } from "./numbered-files.ts";

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

/** What a device has done beside serving, Unix milliseconds. */
export type LedgerEvent =
  | ({ readonly at: number; readonly what: "refused"; readonly exception: number } & AskedFor)
  | ({ readonly at: number; readonly what: Unserved } & AskedFor)
  | {
      readonly at: number;
      readonly what: "written";
      readonly start: number;
      readonly words: string;
    };
type AskedFor = {
  readonly function: number;
  readonly start: number;
  readonly count: number;
  /** Whom it was for, where nobody is there. */
  readonly unit?: number;
};

/** Reads back what `openLedger` has written of a device: nothing that was not asked for is in it. */
export async function readLedger(
  folder: string,
  plant: string,
  tag: string,
): Promise<ServedPoints> {
  const served = new Map<string, Served[]>();
  for await (const read of answeredReads(folder, plant, tag)) {
    for (const { point, value } of read.values()) {
      const known = served.get(point);
      const entry = { at: read.at, instant: read.instant, value };
      if (known) known.push(entry);
      else served.set(point, [entry]);
    }
  }
  return served;
}

/** What a device has served of one point, in the order of serving. */
export async function* servedOf(
  folder: string,
  plant: string,
  tag: string,
  point: string,
): AsyncGenerator<Served> {
  for await (const { at, instant, values } of answeredReads(folder, plant, tag)) {
    for (const { value } of values(point)) yield { at, instant, value };
  }
}

/** The points of a device that were ever served. */
export async function servedPoints(folder: string, plant: string, tag: string): Promise<string[]> {
  const names = new Set<string>();
  for await (const { values } of answeredReads(folder, plant, tag)) {
    for (const { point } of values()) names.add(point);
  }
  return [...names];
}

/** What it refused, took and left without a good answer, in the order in which it came about. */
export async function* ledgerEvents(
  folder: string,
  plant: string,
  tag: string,
): AsyncGenerator<LedgerEvent> {
  for await (const line of linesOf(folder, plant, tag)) {
    if ("x" in line) {
      const [at, code, start, count, exception, unit] = line.x;
      yield { at, what: "refused", function: code, start, count, exception, ...of(unit) };
    } else if ("w" in line) {
      const [at, start, words] = line.w;
      yield { at, what: "written", start, words };
    } else if ("u" in line) {
      const [at, code, start, count, what, unit] = line.u;
      yield { at, what, function: code, start, count, ...of(unit) };
    }
  }
}

function of(unit: number | undefined): { readonly unit?: number } {
  return unit === undefined ? {} : { unit };
}

/**
 * From when on the ledger of a device is whole, Unix milliseconds, where older files had to go for want of room: what
 * was served before is not known. `undefined`: all that it ever served is there.
 */
export async function wholeFrom(
  folder: string,
  plant: string,
  tag: string,
): Promise<number | undefined> {
  if (!isShortened(pathOf(folder, plant, tag))) return undefined;
  for await (const line of linesOf(folder, plant, tag)) {
    const at = instantOf(line);
    if (at !== undefined) return at;
  }
  return undefined;
}

function instantOf(line: LedgerLine): number | undefined {
  if ("r" in line) return line.r[0];
  if ("x" in line) return line.x[0];
  if ("w" in line) return line.w[0];
  return "u" in line ? line.u[0] : undefined;
}

type AnsweredRead = {
  readonly at: number;
  readonly instant: number;
  /** What it covers, of one point or of all; to be taken before the next read. */
  values(point?: string): { readonly point: string; readonly value: ServedValue }[];
};

async function* answeredReads(
  folder: string,
  plant: string,
  tag: string,
): AsyncGenerator<AnsweredRead> {
  let head: LedgerHead | undefined;
  let now: ServedValue[] = [];
  let instant = Number.NaN;
  for await (const line of linesOf(folder, plant, tag)) {
    if ("v" in line) {
      head = line;
      now = [];
    } else if ("i" in line) {
      instant = line.i;
      for (const [place, value] of line.c) now[place] = value;
    } else if ("r" in line) {
      const [at, start, count, readBy] = line.r;
      const covered = (wanted?: string) =>
        (head?.points ?? []).flatMap(([point, address, words, itsOwn], place) =>
          (wanted !== undefined && wanted !== point) ||
          itsOwn !== readBy ||
          address < start ||
          address + words > start + count
            ? []
            : [{ point, value: now[place] ?? null }],
        );
      yield { at, instant, values: covered };
    }
  }
}

function linesOf(folder: string, plant: string, tag: string): AsyncGenerator<LedgerLine> {
  return readLines(pathOf(folder, plant, tag), LedgerLine);
}

function pathOf(folder: string, plant: string, tag: string): string {
  return join(folder, `${plant}.${tag}.jsonl`);
}
