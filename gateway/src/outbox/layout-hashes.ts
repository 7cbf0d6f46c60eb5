import { type Lane, type Layout, layoutHash } from "@sunledger/model";
import { lanesOf } from "./lane-state.ts";

/** Answers the hash of the layout that names these points of a lane. */
export type LayoutHashes = (
  device: string,
  lane: Lane,
  points: readonly string[],
) => Promise<string>;

type Known = { readonly points: readonly string[]; readonly hash: Promise<string> };

/** `onNew` is told each layout once, before any of its hashes is answered. */
export function layoutHashes(onNew: (hash: string, layout: Layout) => void): LayoutHashes {
  /** By lane and points. A promise for ever: all that wait for it go on in the order in which they came. */
  const known = new Map<string, Promise<string>>();
  /** What a device last told in a lane: mostly the same points as now, which costs no text to see. */
  const last = lanesOf(() => new Map<string, Known>());

  const hashOf = (lane: Lane, points: readonly string[]): Promise<string> => {
    const key = JSON.stringify([lane, points]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const layout = { lane, points: [...points] };
    const hashing = layoutHash(layout).then((hash) => {
      onNew(hash, layout);
      return hash;
    });
    known.set(key, hashing);
    return hashing;
  };

  return (device, lane, points) => {
    const before = last[lane].get(device);
    if (before && isSame(before.points, points)) return before.hash;
    const hash = hashOf(lane, points);
    last[lane].set(device, { points, hash });
    return hash;
  };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i += 1) if (some[i] !== others[i]) return false;
  return true;
}
