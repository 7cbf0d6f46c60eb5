import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pointRows, type ReadBy, type RegisterTable } from "../registers/register.ts";
import type { LedgerHead, LedgerLine, ServedValue, Unserved } from "./lines.ts";
import { type FileRoom, giveWay, isFull } from "./numbered-files.ts";

export type LedgerParts = {
  readonly folder: string;
  readonly plant: string;
  readonly tag: string;
  readonly table: RegisterTable;
  /** Without a word of it a full file gives way to a new one, and all are kept. */
  readonly room?: FileRoom;
  /** Told of the files that had to go. */
  onGone?(files: readonly string[]): void;
};

/** A span of registers that was answered, and by which function. */
export type AnsweredRead = {
  readonly readBy: ReadBy;
  readonly start: number;
  readonly count: number;
};

/** A request: its function, first register and number of registers; `unit`: where nobody is whom it was for. */
export type AskedOf = {
  readonly function: number;
  readonly start: number;
  readonly count: number;
  readonly unit?: number | undefined;
};

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

/** Opens `{plant}.{tag}.jsonl` in the folder and goes on behind what it holds. */
export function openLedger(parts: LedgerParts): Ledger {
  const { folder, plant, tag, room = {} } = parts;
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
    const gone = giveWay(path, room);
    file = openSync(path, "a");
    bytes = 0;
    begin();
    if (gone.length > 0) parts.onGone?.(gone);
  };

  const putOne = (line: LedgerLine) => {
    if (isFull(bytes, room)) turn();
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
    refused(at, { function: code, start, count, unit }, exception) {
      putOne({ x: [at, code, start, count, exception, ...known(unit)] });
    },

    written(at, address, words) {
      putOne({ w: [at, address, words.toString("hex")] });
    },

    unserved(at, { function: code, start, count, unit }, why) {
      putOne({ u: [at, code, start, count, why, ...known(unit)] });
    },

    served(at, { readBy, start, count }, instant, values) {
      if (isFull(bytes, room)) turn();
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

function known(unit: number | undefined): [] | [number] {
  return unit === undefined ? [] : [unit];
}

function otherThan(usual: ReadBy, readBy: ReadBy): [] | [ReadBy] {
  return readBy === usual ? [] : [readBy];
}
