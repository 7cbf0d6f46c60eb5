import { type Random, randomFrom } from "../../gateway/src/modbus/testing/random-modbus.ts";
import { type FaultKind, kindOf, type Place } from "./fault-kinds.ts";

/** One fault of a schedule. */
export type Fault = {
  /** Milliseconds from the beginning of the run. */
  readonly at: number;
  readonly kind: FaultKind;
  /** Where, by the name of the place. */
  readonly target: string;
  readonly lastsMs: number;
  readonly detail?: number;
};

export type ScheduleWish = {
  readonly seed: number;
  readonly kinds: readonly FaultKind[];
  /** Those of them that cannot happen here: they are left out, and nothing else is any different. */
  readonly impossible?: readonly FaultKind[];
  /** The names of each place; one that has none is spared. */
  readonly targets: Readonly<Record<Place, readonly string[]>>;
  /** Each round has each kind once. */
  readonly rounds: number;
  /** From one fault to the next, on average. */
  readonly everyMs: number;
};

/**
 * What happens when and where: nothing but a function of the wish, so that a seed brings back the same,
 * also on a machine or a broker where some of it cannot happen. Faults of different places overlap; of one place they follow each other. In the order of time.
 */
export function faultSchedule(wish: ScheduleWish): readonly Fault[] {
  const random = randomFrom(wish.seed);
  const freeAt = new Map<string, number>();
  const faults: Fault[] = [];
  let slot = 0;
  for (let round = 0; round < wish.rounds; round += 1) {
    for (const kind of shuffled(wish.kinds, random)) {
      slot += 1;
      const fault = faultAt(slot, kind, wish, { random, freeAt });
      if (fault) faults.push(fault);
    }
  }
  const { impossible = [] } = wish;
  return faults.filter(({ kind }) => !impossible.includes(kind)).sort((a, b) => a.at - b.at);
}

/** When the last fault is over, milliseconds from the beginning. */
export function endOf(faults: readonly Fault[]): number {
  return Math.max(0, ...faults.map(({ at, lastsMs }) => at + lastsMs));
}

/** One line a fault, to print. */
export function inWords({ at, kind, target, lastsMs, detail }: Fault): string {
  const when = `${(at / 1_000).toFixed(1)} s`.padStart(9);
  const how = [`${lastsMs} ms`, ...(detail === undefined ? [] : [String(detail)])].join(", ");
  return `${when}  ${kind} of ${target} (${how})`;
}

type Course = {
  readonly random: Random;
  /** When each target has got over its last fault. */
  readonly freeAt: Map<string, number>;
};

/** A target has so much quiet between two faults that it may be sound in between. */
const quietMs = 1_000;

function faultAt(
  slot: number,
  kind: FaultKind,
  { targets, everyMs }: ScheduleWish,
  { random, freeAt }: Course,
): Fault | undefined {
  const { place, lastsMs: span, detail } = kindOf(kind);
  const names = targets[place];
  const wanted = slot * everyMs + random(Math.max(1, Math.floor(everyMs / 2)));
  const lastsMs = within(span, random);
  const more = detail ? { detail: within(detail, random) } : {};
  const first = random(Math.max(1, names.length));
  const target = [...names.slice(first), ...names.slice(0, first)].sort(
    (a, b) => Math.max(wanted, freeAt.get(a) ?? 0) - Math.max(wanted, freeAt.get(b) ?? 0),
  )[0];
  if (target === undefined) return undefined;
  const at = Math.max(wanted, freeAt.get(target) ?? 0);
  freeAt.set(target, at + lastsMs + quietMs);
  return { at, kind, target, lastsMs, ...more };
}

function within([from, to]: readonly [number, number], random: Random): number {
  return from + random(to - from + 1);
}

function shuffled<T>(all: readonly T[], random: Random): readonly T[] {
  const deck = [...all];
  for (let last = deck.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    [deck[last], deck[other]] = [deck[other] as T, deck[last] as T];
  }
  return deck;
}
