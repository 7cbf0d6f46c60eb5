import { type Ack, settledBy } from "./ack.ts";
import type { GivenUp } from "./message.ts";
import {
  common,
  lowestOf,
  noRanges,
  type Range,
  type Ranges,
  rangesOf,
  sizeOf,
  unionOf,
  without,
} from "./ranges.ts";

/** One epoch and lane of an outbox, as far as sending it goes. */
export type DeliveryState = {
  /** The highest number kept so far; 0 when there is none. */
  readonly last: number;
  /** What the store is known to have. */
  readonly settled?: Ranges;
  /** The incarnation of the store that said so (D-15). */
  readonly store?: string;
  /** Every span given up, settled or not (D-9): a restored store may have to be told again. */
  readonly gaps?: readonly GivenUp[];
};

export type DeliveryLimits = {
  /** How many frames may be on their way at once. */
  readonly window: number;
  /** After so many sends without settlement a frame travels alone (D-6). */
  readonly sendsBeforeAlone: number;
};

/** What goes into one message. */
export type Parcel = {
  /** The frames to send. */
  readonly numbers: Ranges;
  readonly gaps: readonly GivenUp[];
};

export type AckOutcome = {
  /** Numbers that were not known to be settled before. */
  readonly settled: Ranges;
  /** Numbers that a restored store no longer has: the ring must give them again (D-15). */
  readonly undone: Ranges;
  /** The store is another than before, or another state of it. */
  readonly restored: boolean;
  /**
   * The store has numbers that were never given here, and nothing was taken in: this outbox is a
   * copy of another one, and must begin a new epoch.
   */
  readonly ahead: boolean;
};

type LaneAck = NonNullable<Ack["lanes"]["values"]>;

/**
 * Decides what of one epoch and lane is sent next. It knows numbers only: no frames, no time, no
 * connection. Nothing settled is ever handed out again, and nothing but an ack settles anything.
 */
export interface DeliveryWindow {
  /** Frames up to this number are on disk and may be sent. */
  kept(last: number): void;
  /** These numbers have no frame any more: their gap record is sent in their place (D-9). */
  giveUp(gap: GivenUp): void;
  /** The next message's content, from now on on its way; `undefined` when nothing may be sent. */
  take(most: number): Parcel | undefined;
  /** Takes in what ingest says of this epoch and lane. */
  ack(store: string, lane: LaneAck): AckOutcome;
  /** The connection, or ingest behind it, is new: everything on its way must be sent again. */
  restart(): void;
  /**
   * To be called in intervals of patience: what was on its way at the call before and is not yet
   * settled will be sent again. Answers how many numbers that are.
   */
  lapse(): number;
  state(): Required<Omit<DeliveryState, "store">> & Pick<DeliveryState, "store">;
  /** How many numbers are on their way. */
  onTheirWay(): number;
}

const usual: DeliveryLimits = { window: 6_000, sendsBeforeAlone: 5 };
const mostGapsInMessage = 100;

/** The window over an outbox in the given state. */
export function deliveryWindow(
  start: DeliveryState,
  limits: Partial<DeliveryLimits> = {},
): DeliveryWindow {
  const { window: size, sendsBeforeAlone } = { ...usual, ...limits };
  let { last, settled = noRanges, store, gaps = [] } = start;
  /** On their way since the last lapse, and since before it. */
  let fresh = noRanges;
  let aged = noRanges;
  /** Frames from here on are live: they go before the backlog, up to half of the window (D-3). */
  let liveFrom = last + 1;
  /** `sends[k]`: unsettled numbers sent more than `k` times. */
  let sends: Ranges[] = Array.from({ length: sendsBeforeAlone }, () => noRanges);

  const flying = () => unionOf(fresh, aged);
  let gone = rangesOf(gaps.map(({ from, to }): Range => [from, to]));

  const depart = (numbers: Ranges) => {
    fresh = unionOf(fresh, numbers);
    sends = sends.map((sent, k) =>
      unionOf(sent, k === 0 ? numbers : common(sends[k - 1] ?? noRanges, numbers)),
    );
  };

  const landed = (numbers: Ranges) => {
    fresh = without(fresh, numbers);
    aged = without(aged, numbers);
    sends = sends.map((sent) => without(sent, numbers));
  };

  const returnAll = () => {
    fresh = noRanges;
    aged = noRanges;
    liveFrom = last + 1;
  };

  const takeGaps = (): GivenUp[] => {
    const away = unionOf(settled, flying());
    if (without(gone, away).length === 0) return [];
    const open = gaps.flatMap((gap) =>
      without([[gap.from, gap.to]], away).map(([from, to]) => ({ ...gap, from, to })),
    );
    return open.slice(0, mostGapsInMessage);
  };

  const takeFrames = (most: number): Ranges => {
    const away = without(flying(), gone);
    const room = Math.min(most, size - sizeOf(away));
    if (room <= 0) return noRanges;
    const hidden = rangesOf([...settled, ...flying(), ...gone]);
    const backlog = without(upTo(liveFrom - 1), hidden);
    const live = without(liveFrom <= last ? [[liveFrom, last]] : noRanges, hidden);
    const alone = lowestOf(common(backlog, sends.at(-1) ?? noRanges), 1);
    const liveAway = sizeOf(without(away, upTo(liveFrom - 1)));
    const share = backlog.length > 0 ? Math.floor(size / 2) - liveAway : room;
    const first = lowestOf(live, Math.min(room, Math.max(0, share)));
    if (first.length === 0 && alone.length > 0) return alone;
    const suspects = without(backlog, sends.at(-1) ?? noRanges);
    return unionOf(first, lowestOf(suspects, room - sizeOf(first)));
  };

  return {
    kept(number) {
      last = Math.max(last, number);
    },

    giveUp(gap) {
      gaps = [...gaps, gap];
      last = Math.max(last, gap.to);
      // What was sent as frames and given up meanwhile goes out as a gap at once.
      const span: Ranges = [[gap.from, gap.to]];
      gone = unionOf(gone, span);
      fresh = without(fresh, span);
      aged = without(aged, span);
    },

    take(most) {
      const givenUp = takeGaps();
      const numbers = takeFrames(most);
      if (givenUp.length === 0 && numbers.length === 0) return undefined;
      depart(rangesOf([...numbers, ...givenUp.map(({ from, to }): Range => [from, to])]));
      return { numbers, gaps: givenUp };
    },

    ack(says, lane) {
      const stored = settledBy(lane);
      const named = common(stored, upTo(last));
      if (sizeOf(stored) > sizeOf(named)) {
        // The numbers in common are taken by the other's frames: they settle nothing here.
        return { settled: noRanges, undone: noRanges, restored: false, ahead: true };
      }
      const restored = store !== undefined && store !== says;
      const before = settled;
      store = says;
      settled = restored ? named : unionOf(settled, named);
      const undone = without(before, settled);
      landed(settled);
      if (restored) returnAll();
      return { settled: without(named, before), undone, restored, ahead: false };
    },

    restart: returnAll,

    lapse() {
      const overdue = sizeOf(aged);
      if (overdue > 0) liveFrom = last + 1;
      aged = fresh;
      fresh = noRanges;
      return overdue;
    },

    state: () => ({ last, settled, gaps, ...(store !== undefined && { store }) }),
    onTheirWay: () => sizeOf(flying()),
  };
}

function upTo(last: number): Ranges {
  return last > 0 ? [[1, last]] : noRanges;
}
