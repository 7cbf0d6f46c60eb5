import type { RegisterPoint } from "../modbus/register-point.ts";
import { headsFor, type ModelHeads } from "../sunspec/model-heads.ts";
import { type PollClass, pollClasses } from "./poll-class.ts";
import type { PolledPoint } from "./polled-point.ts";

/** What is read when these classes fall due. */
export type DueIn = (due: ReadonlySet<PollClass>) => DuePoints;

type DuePoints = {
  readonly points: readonly PolledPoint[];
  readonly registers: readonly RegisterPoint[];
};

const dueLists = new WeakMap<readonly PolledPoint[], Map<string, DuePoints>>();

/**
 * The same lists for the same classes each time, and for all devices with the same points: what is
 * worked out for them need not be anew.
 */
export function duePoints(all: readonly PolledPoint[], heads: ModelHeads): DueIn {
  const known = dueLists.get(all) ?? new Map<string, DuePoints>();
  dueLists.set(all, known);
  const present = pollClasses.filter((pollClass) => all.some(({ poll }) => poll === pollClass));
  return (due) => {
    const key = present.filter((pollClass) => due.has(pollClass)).join();
    const before = known.get(key);
    if (before) return before;
    const points = all.filter(({ poll }) => due.has(poll));
    const registers = points.flatMap(({ candidates }) => candidates);
    const made = { points, registers: [...registers, ...headsFor(registers, heads)] };
    known.set(key, made);
    return made;
  };
}
