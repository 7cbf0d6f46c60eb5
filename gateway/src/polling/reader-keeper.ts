import type { BlockRules } from "../modbus/blocks.ts";
import { type PointReader, pointReader } from "../modbus/point-reader.ts";
import type { PolledPoint } from "./polled-point.ts";

/** What makes a device's requests what they are. */
export type ReaderOf = {
  /** The same list as before where the same was found. */
  readonly points: readonly PolledPoint[];
  readonly rules: BlockRules;
  /** How many requests of a round the device stands at once. */
  readonly window: number;
};

/** Keeps what was learnt of a device over its connections: else one that often hangs up is never known. */
export interface ReaderKeeper {
  /** The reader of these points: the one before where points and limits are those of before. */
  readerFor(one: ReaderOf): PointReader;
  /** Another device stands there: nothing is known of it. */
  forget(): void;
  /** A poll begins: once a day the device is asked again for all, each hour for what had no value. */
  noteTime(at: number): void;
}

type Kept = { readonly of: ReaderOf; readonly key: string; readonly reader: PointReader };

export function readerKeeper(): ReaderKeeper {
  let kept: Kept | undefined;
  let day = Number.NaN;
  let hour = Number.NaN;

  const keep = (of: ReaderOf, key: string): PointReader => {
    kept = { of, key, reader: pointReader(of.rules, of.window) };
    return kept.reader;
  };

  return {
    readerFor(of) {
      const key = JSON.stringify([of.rules, of.window]);
      const isSame = kept?.of.points === of.points && kept.key === key;
      return kept && isSame ? kept.reader : keep(of, key);
    },

    forget() {
      kept = undefined;
    },

    noteTime(at) {
      if (Math.floor(at / dayMs) !== day) kept?.reader.forget();
      else if (Math.floor(at / hourMs) !== hour) kept?.reader.tryEmpty();
      day = Math.floor(at / dayMs);
      hour = Math.floor(at / hourMs);
    },
  };
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
