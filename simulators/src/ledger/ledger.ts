import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RegisterTable } from "../registers/register.ts";
import type { LedgerHead, LedgerLine, ServedValue } from "./lines.ts";

export type LedgerParts = {
  readonly folder: string;
  readonly plant: string;
  readonly tag: string;
  readonly table: RegisterTable;
  /** A full file gives way to a new one; the file before it is kept, older ones are not. */
  readonly mostBytes?: number;
};

/** What one device has served, written down as it is served. */
export type Ledger = {
  served(
    at: number,
    start: number,
    count: number,
    instant: number,
    values: ReadonlyMap<string, ServedValue>,
  ): void;
  close(): Promise<void>;
};

const usualBytes = 64 * 1024 * 1024;

/** Opens `{plant}.{tag}.jsonl` in the folder and goes on behind what it holds. */
export async function openLedger(parts: LedgerParts): Promise<Ledger> {
  const { folder, plant, tag, table, mostBytes = usualBytes } = parts;
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${plant}.${tag}.jsonl`);
  const head = headOf(parts);
  const points = head.points.map(([point]) => point);
  let bytes = await sizeOf(path);
  let stream = await openStream(path);
  /** What the file said last of each point: only what differs is written. */
  let said: (ServedValue | undefined)[] = [];
  let instantSaid = Number.NaN;
  let turning = Promise.resolve();
  const held: string[] = [];
  let isTurning = false;

  const put = (line: LedgerLine) => {
    const text = `${JSON.stringify(line)}\n`;
    bytes += text.length;
    if (isTurning) held.push(text);
    else stream.write(text);
  };

  const begin = () => {
    said = [];
    instantSaid = Number.NaN;
    put(head);
  };

  const turn = async () => {
    const full = stream;
    await ended(full);
    await rm(`${path}.1`, { force: true });
    await rename(path, `${path}.1`);
    stream = await openStream(path);
    isTurning = false;
    for (const text of held.splice(0)) stream.write(text);
  };

  begin();
  return {
    served(at, start, count, instant, values) {
      if (bytes > mostBytes && !isTurning) {
        isTurning = true;
        bytes = 0;
        begin();
        turning = turn();
      }
      if (instant !== instantSaid) {
        const changed: [number, ServedValue][] = [];
        points.forEach((point, i) => {
          const value = values.get(point) ?? null;
          if (said[i] === value) return;
          said[i] = value;
          changed.push([i, value]);
        });
        put({ i: instant, c: changed });
        instantSaid = instant;
      }
      put({ r: [at, start, count] });
    },

    async close() {
      await turning;
      await ended(stream);
    },
  };

  function headOf({ table: { rows } }: LedgerParts): LedgerHead {
    return {
      v: 1,
      plant,
      device: tag,
      readBy: table.readBy,
      points: rows.flatMap(({ point, address, words }) =>
        point === undefined ? [] : [[point, address, words] as const],
      ),
    };
  }
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}

function openStream(path: string): Promise<WriteStream> {
  return new Promise((resolve, reject) => {
    const stream = createWriteStream(path, { flags: "a" });
    stream.once("error", reject);
    stream.once("open", () => resolve(stream));
  });
}

function ended(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => stream.end(resolve));
}
