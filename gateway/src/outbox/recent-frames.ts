import {
  type Frame,
  type Lane,
  type Range,
  type Ranges,
  rangesOf,
  without,
} from "@sunledger/model";
import { lanesOf } from "./lane-state.ts";

/** A frame and about how many bytes its row takes in a message. */
export type KeptFrame = { readonly frame: Frame; readonly bytes: number };

/** The newest frames, so that what is sent at once need not be read back from disk. */
export interface RecentFrames {
  add(lane: Lane, kept: KeptFrame): void;
  /** Those of the numbers that are at hand, and which are not. */
  find(
    lane: Lane,
    numbers: Ranges,
  ): { readonly found: readonly KeptFrame[]; readonly missing: Ranges };
  /** These are stored elsewhere: nobody asks for them again as a rule, and they make room. */
  forget(lane: Lane, settled: Ranges): void;
  clear(): void;
}

export function recentFrames(most: number): RecentFrames {
  const byNumber = lanesOf(() => new Map<number, KeptFrame>());

  return {
    add(lane, kept) {
      const frames = byNumber[lane];
      frames.set(kept.frame.sequence, kept);
      for (const oldest of frames.keys()) {
        if (frames.size <= most) break;
        frames.delete(oldest);
      }
    },

    find(lane, numbers) {
      const found: KeptFrame[] = [];
      const at: Range[] = [];
      for (const [from, to] of numbers) {
        for (let number = from; number <= to; number += 1) {
          const kept = byNumber[lane].get(number);
          if (!kept) continue;
          found.push(kept);
          at.push([number, number]);
        }
      }
      return { found, missing: without(numbers, rangesOf(at)) };
    },

    forget(lane, [first]) {
      // From 1 on without a hole as a rule; what a hole leaves behind it goes when that is filled.
      const upTo = first && first[0] === 1 ? first[1] : 0;
      const frames = byNumber[lane];
      for (const oldest of frames.keys()) {
        if (oldest > upTo) break;
        frames.delete(oldest);
      }
    },

    clear() {
      for (const frames of Object.values(byNumber)) frames.clear();
    },
  };
}
