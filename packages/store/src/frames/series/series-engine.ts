import type { Flag, Value } from "@sunledger/model";
import type { StoredFrame } from "../frame-store.ts";

/** A frame with all that names it in a store of time series. */
export type SeriesFrame = StoredFrame & {
  readonly organisation: string;
  /** Tells the gateway, epoch and lane: at most 44 bits. */
  readonly stream: number;
};

/** Frames of one device and layout: `from` inclusive, `to` exclusive, Unix milliseconds. */
export type Scan = {
  readonly organisation: string;
  readonly device: string;
  /** The layout's hash. */
  readonly layout: string;
  readonly from: number;
  readonly to: number;
};

export type Asked = Scan & {
  /** Points of the layout, in the order in which a row shall name them. */
  readonly points: readonly string[];
  /** Only what is good: rows without any are absent, and each other value is `null`. */
  readonly good: boolean;
};

/** What a frame says of the points that were asked for. */
export type SeriesRow = {
  readonly at: number;
  /** Of the frame; 0 where only what is good was asked for. */
  readonly sequence: number;
  readonly stream: number;
  readonly values: readonly Value[];
  readonly flags: readonly (Flag | undefined)[];
};

/**
 * A store of time series beside PostgreSQL. It keeps one frame for each organisation, device, layout and
 * time, and knows nothing of delivery: that a frame is written once is seen to before it is asked.
 */
export interface SeriesEngine {
  /** What is newest it has in memory alone; absent where what `write` has resolved survives a power cut. */
  readonly memory?: {
    /** When the engine was started last, Unix milliseconds by its own clock. */
    startedAt(): Promise<number>;
    /** What that clock said last. */
    serverTime(): number;
  };

  /** Whether the frame would come back as it is, digit by digit; one that would not stays in PostgreSQL. */
  holds(frame: StoredFrame): boolean;

  /** Resolves once all are written; a frame that is there already stays one. Who reads here finds them. */
  write(
    frames: readonly SeriesFrame[],
    pointsOf: (layout: string) => readonly string[],
  ): Promise<void>;

  /** Resolves once all is found that any writer was told is written. */
  catchUp(): Promise<void>;

  /** What is there, ordered by time, a page at a time. */
  pages(asked: Asked): AsyncIterable<readonly SeriesRow[]>;

  /** The newest row. */
  last(asked: Asked): Promise<SeriesRow | undefined>;

  count(scan: Scan): Promise<number>;

  /** Deletes frames, where the engine can: nobody asks for them any more. */
  remove(scan: Scan): Promise<void>;

  close(): Promise<void>;
}
