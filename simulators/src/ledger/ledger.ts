import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pointRows, type ReadBy, type RegisterTable } from "../registers/register.ts";
import type { LedgerHead, LedgerLine, ServedValue, Unserved } from "./lines.ts";

export type LedgerParts = {
  readonly folder: string;
  readonly plant: string;
  readonly tag: string;
  readonly table: RegisterTable;
  /** A full file gives way to a new one; the file before it is kept, older ones are not. */
  readonly mostBytes?: number;
};

/** A span of registers that was answered, and by which function. */
export type AnsweredRead = {
  readonly readBy: ReadBy;
  readonly start: number;
  readonly count: number;
};

/** A request: its function, first register and number of registers. */
export type AskedOf = { readonly function: number; readonly start: number; readonly count: number };

/** What one device has served, and what not. A read is with the operating system before its answer leaves. */
export type Ledger = {
  served(
    at: number,
    read: AnsweredRead,
    instant: number,
    values: ReadonlyMap<string, ServedValue>,
  ): void;
  /** A request was answered by an exception. */
  refused(at: number, asked: AskedOf, exception: number): void;
  /** The device took words. */
  written(at: number, address: number, words: Buffer): void;
  /** A request got no good answer. */
  unserved(at: number, asked: AskedOf, why: Unserved): void;
  close(): void;
};

const usualBytes = 64 * 1024 * 1024;

/** Opens `{plant}.{tag}.jsonl` in the folder and goes on behind what it holds. */
export function openLedger(parts: LedgerParts): Ledger {
  const { folder, plant, tag, mostBytes = usualBytes } = parts;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${plant}.${tag}.jsonl`);
  const head = headOf(parts);
  const points = head.points.map(([point]) => point);
  const other = (readBy: ReadBy) => otherThan(head.readBy, readBy);
  let file = openSync(path, "a");
  let bytes = fstatSync(file).size;
  /** What the file said last of each point: only what differs is written. */
  let said: (ServedValue | undefined)[] = [];
  let instantSaid = Number.NaN;

  // Written while the read is answered: a killed simulator has served nothing that is not here.
  const put = (lines: readonly LedgerLine[]) => {
    bytes += writeSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  };

  const begin = () => {
    said = [];
    instantSaid = Number.NaN;
    // The line before may have been cut off by a kill.
    bytes += writeSync(file, "\n");
    put([head]);
  };

  const turn = () => {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, "a");
    bytes = 0;
    begin();
  };

  const putOne = (line: LedgerLine) => {
    if (bytes > mostBytes) turn();
    put([line]);
  };

  const changes = (values: ReadonlyMap<string, ServedValue>) => {
    const changed: [number, ServedValue][] = [];
    points.forEach((point, place) => {
      const value = values.get(point) ?? null;
      if (said[place] === value) return;
      said[place] = value;
      changed.push([place, value]);
    });
    return changed;
  };

  begin();
  return {
    refused(at, { function: code, start, count }, exception) {
      putOne({ x: [at, code, start, count, exception] });
    },

    written(at, address, words) {
      putOne({ w: [at, address, words.toString("hex")] });
    },

    unserved(at, { function: code, start, count }, why) {
      putOne({ u: [at, code, start, count, why] });
    },

    served(at, { readBy, start, count }, instant, values) {
      if (bytes > mostBytes) turn();
      const read: LedgerLine = { r: [at, start, count, ...other(readBy)] };
      put(instant === instantSaid ? [read] : [{ i: instant, c: changes(values) }, read]);
      instantSaid = instant;
    },
    close: () => closeSync(file),
  };
}

function headOf({ plant, tag, table }: LedgerParts): LedgerHead {
  const { readBy } = table;
  return {
    v: 1,
    plant,
    device: tag,
    readBy,
    points: pointRows(table).map(
      ({ point, address, words, readBy: own = readBy }) =>
        [point, address, words, ...otherThan(readBy, own)] as const,
    ),
  };
}

function otherThan(usual: ReadBy, readBy: ReadBy): [] | [ReadBy] {
  return readBy === usual ? [] : [readBy];
}
