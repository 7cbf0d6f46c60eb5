import type { RegisterKind } from "@sunledger/model/profile";
import { type Block, type BlockRules, halvesOf, joinBlocks, type Span } from "./blocks.ts";
import { isRefusal, type ModbusError } from "./modbus-error.ts";
import type { ReadSpan } from "./read-request.ts";
import type { RegisterPoint } from "./register-point.ts";

/** What registers hold, by `placeOf`. */
export type Scales = ReadonlyMap<string, number>;

export type ScaleReading = {
  readonly rules: BlockRules;
  readonly read: (span: ReadSpan) => Promise<readonly number[]>;
  /** A request failed: answers how, or throws where the round is over. */
  readonly failed: (error: unknown) => ModbusError;
  /** The scale register of these points is refused. */
  readonly onRefused: (points: readonly RegisterPoint[]) => void;
};

/** Reads the scale registers of values that are too far from them to come in one request. */
export interface ScaleReader {
  /** Those that can be read. */
  read(points: readonly RegisterPoint[], reading: ScaleReading): Promise<Scales>;
  /** The device may have changed. */
  forget(): void;
}

type ScaleBlock = Block<readonly RegisterPoint[]>;

export function scaleReader(): ScaleReader {
  /** Requests that the device refuses as one and answers in parts. */
  const parts = new Map<string, readonly ScaleBlock[]>();

  const readBlock = async (
    block: ScaleBlock,
    reading: ScaleReading,
    found: Map<string, number>,
  ) => {
    const known = parts.get(keyOf(block));
    if (known) return readAll(known, reading, found);
    try {
      const words = await reading.read(block);
      for (const [i, word] of words.entries()) {
        found.set(placeOf(block.kind, block.address + i), word);
      }
    } catch (error) {
      if (!isRefusal(reading.failed(error))) return;
      if (block.spans.length === 1) return reading.onRefused(block.spans[0]?.of ?? []);
      const halves = halvesOf(block, reading.rules);
      parts.set(keyOf(block), halves);
      await readAll(halves, reading, found);
    }
  };

  const readAll = async (
    blocks: readonly ScaleBlock[],
    reading: ScaleReading,
    found: Map<string, number>,
  ) => {
    for (const block of blocks) await readBlock(block, reading, found);
  };

  return {
    async read(points, reading) {
      const found = new Map<string, number>();
      await readAll(scaleBlocks(points, reading.rules), reading, found);
      return found;
    },

    forget: () => parts.clear(),
  };
}

/** The name of a register among those of all tables. */
export function placeOf(kind: RegisterKind | undefined, address: number): string {
  return `${kind} ${address}`;
}

function scaleBlocks(points: readonly RegisterPoint[], rules: BlockRules): ScaleBlock[] {
  const spans = new Map<string, Span<RegisterPoint[]>>();
  for (const point of points) {
    if (!point.scaleRegister) continue;
    const { kind, address: start } = point.scaleRegister;
    const place = placeOf(kind, start);
    const known = spans.get(place);
    if (known) known.of.push(point);
    else spans.set(place, { kind, start, end: start + 1, readAlone: false, of: [point] });
  }
  return joinBlocks([...spans.values()], rules);
}

function keyOf({ kind, spans }: ScaleBlock): string {
  return `${kind} ${spans.map(({ start }) => start).join()}`;
}
