import type { Frame, Lane } from "@sunledger/model";
import type { Entry, Lost } from "./entries.ts";
import { OutboxOverflowError } from "./errors.ts";
import { lanes } from "./lane-state.ts";

type LostEntry = Extract<Entry, { lost: Lost }>;
type KeptEntry = Exclude<Entry, LostEntry>;

/** A frame on its way to the disk. */
export type Queued = {
  readonly entry: KeptEntry;
  /** What its row says. */
  readonly content: Pick<Frame, "device" | "clock" | "values" | "quality">;
  resolve(): void;
  reject(error: Error): void;
};

type Numbered = Queued & { readonly number: number };

export type Taken = {
  readonly lost: readonly LostEntry[];
  readonly frames: readonly Numbered[];
  /** The number of the last of them; infinite when no more wait. */
  readonly upTo: number;
};

/**
 * Frames in memory until the disk has them. When the disk cannot keep up, the oldest of lane
 * `values` are given up, and counters only when nothing else is left; what was given up goes to
 * disk as a gap, so that it is known.
 */
export interface KeepQueue {
  push(frame: Queued): void;
  /** The number of the frame that came last: from 1, for this life alone. */
  newest(): number;
  /** The oldest frames, at most so many, and all that was given up. */
  take(mostFrames: number): Taken;
  /** Puts back what could not be written, before what came since. */
  putBack(taken: Taken): void;
  size(): number;
}

export function keepQueue(
  most: number,
  /** `oldest`: the number of the first frame that is left. */
  onOverflow: (lane: Lane, count: number, oldest: number) => void,
): KeepQueue {
  let frames: Numbered[] = [];
  let newest = 0;
  const lost = new Map<Lane, Lost>();

  const lose = (lane: Lane, { count, fromAt, toAt }: Lost) => {
    const before = lost.get(lane) ?? { count: 0, fromAt, toAt };
    lost.set(lane, {
      count: before.count + count,
      fromAt: Math.min(before.fromAt, fromAt),
      toAt: Math.max(before.toAt, toAt),
    });
  };

  const giveUpOldest = () => {
    const lane = frames.some(({ entry }) => entry.lane === "values") ? "values" : "counters";
    const before = frames.length;
    let left = Math.ceil(most / 10);
    frames = frames.filter((frame) => {
      if (left === 0 || frame.entry.lane !== lane) return true;
      left -= 1;
      lose(lane, { count: 1, fromAt: frame.entry.at, toAt: frame.entry.at });
      frame.reject(new OutboxOverflowError("the disk cannot keep up and memory is full"));
      return false;
    });
    onOverflow(lane, before - frames.length, frames[0]?.number ?? newest + 1);
  };

  return {
    push(frame) {
      newest += 1;
      frames.push({ ...frame, number: newest });
      if (frames.length > most) giveUpOldest();
    },

    newest: () => newest,

    take(mostFrames) {
      const some = frames.slice(0, mostFrames);
      frames = frames.slice(mostFrames);
      const taken = {
        lost: lanes.flatMap((lane): LostEntry[] => {
          const record = lost.get(lane);
          return record ? [{ lane, lost: record }] : [];
        }),
        frames: some,
        upTo: frames.length === 0 ? Number.POSITIVE_INFINITY : (some.at(-1)?.number ?? 0),
      };
      lost.clear();
      return taken;
    },

    putBack(taken) {
      frames = [...taken.frames, ...frames];
      for (const entry of taken.lost) lose(entry.lane, entry.lost);
      if (frames.length > most) giveUpOldest();
    },

    size: () => frames.length + lost.size,
  };
}
