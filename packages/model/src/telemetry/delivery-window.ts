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
  /** After so many sends without settlement, while others were settled, a frame travels alone (D-6). */
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
  /**
   * The connection, or ingest behind it, is new: everything on its way must be sent again, and
   * nothing is suspected but what others have outlived on the way.
   */
  restart(): void;
  /**
   * To be called in intervals of patience: what was on its way at the call before and is not yet
   * settled is overdue. It will be sent again; as long as nothing of the lane was settled since it
   * was sent, with one message a call. Answers how many numbers are overdue.
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
  /** Overdue, and nothing was settled since: there is no sense in sending more than a probe. */
  let held = noRanges;
  /** Held and sent as probes; each has its turn, for the first could be the one that is poison. */
  let probed = noRanges;
  let probeDue = false;
  /** On their way while something else was settled. */
  let outlived = noRanges;
  /** Frames from here on are live: they go before the backlog, up to half of the window (D-3). */
  let liveFrom = last + 1;
  /** `failures[k]`: unsettled numbers of which more than `k` sends were outlived by others. */
  let failures: Ranges[] = Array.from({ length: sendsBeforeAlone }, () => noRanges);

  const flying = () => rangesOf([...fresh, ...aged, ...held]);
  let gone = rangesOf(spansOf(gaps));

  const depart = (numbers: Ranges) => {
    fresh = unionOf(fresh, numbers);
    outlived = without(outlived, numbers);
  };

  /** Takes them off the way. */
  const land = (numbers: Ranges) => {
    fresh = without(fresh, numbers);
    aged = without(aged, numbers);
    held = without(held, numbers);
    outlived = without(outlived, numbers);
  };

  const fail = (numbers: Ranges) => {
    failures = failures.map((failed, k) =>
      unionOf(failed, k === 0 ? numbers : common(failures[k - 1] ?? noRanges, numbers)),
    );
    land(numbers);
    if (numbers.length > 0) liveFrom = last + 1;
  };

  const settle = (numbers: Ranges) => {
    land(numbers);
    failures = failures.map((failed) => without(failed, numbers));
  };

  const returnAll = () => {
    // What others have outlived is still suspected: ingest asks anew for the hole it leaves, too.
    failures = failures.map((failed) => common(failed, outlived));
    fail(outlived);
    land(flying());
    liveFrom = last + 1;
  };

  /** The part of what is held whose turn it is, as one message. */
  const takeProbe = (most: number): Parcel | undefined => {
    if (!probeDue) return undefined;
    probeDue = false;
    if (without(held, probed).length === 0) probed = noRanges;
    const open = without(held, probed);
    const numbers = lowestOf(without(open, gone), most);
    const givenUp = partsOf(gaps, common(open, gone)).slice(0, mostGapsInMessage);
    if (numbers.length === 0 && givenUp.length === 0) return undefined;
    probed = rangesOf([...probed, ...numbers, ...spansOf(givenUp)]);
    return { numbers, gaps: givenUp };
  };

  const takeGaps = (): GivenUp[] => {
    const away = unionOf(settled, flying());
    if (without(gone, away).length === 0) return [];
    return partsOf(gaps, without(gone, away)).slice(0, mostGapsInMessage);
  };

  const takeFrames = (most: number): Ranges => {
    const away = without(flying(), gone);
    const room = Math.min(most, size - sizeOf(away));
    if (room <= 0) return noRanges;
    const hidden = rangesOf([...settled, ...flying(), ...gone]);
    const backlog = without(upTo(liveFrom - 1), hidden);
    const live = without(liveFrom <= last ? [[liveFrom, last]] : noRanges, hidden);
    const suspects = common(backlog, failures.at(-1) ?? noRanges);
    const liveAway = sizeOf(without(away, upTo(liveFrom - 1)));
    const share = backlog.length > 0 ? Math.floor(size / 2) - liveAway : room;
    const first = lowestOf(live, Math.min(room, Math.max(0, share)));
    if (first.length === 0 && suspects.length > 0) return lowestOf(suspects, 1);
    return unionOf(first, lowestOf(without(backlog, suspects), room - sizeOf(first)));
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
      land(span);
    },

    take(most) {
      const probe = takeProbe(most);
      if (probe) return probe;
      const givenUp = takeGaps();
      const numbers = takeFrames(most);
      if (givenUp.length === 0 && numbers.length === 0) return undefined;
      depart(rangesOf([...numbers, ...spansOf(givenUp)]));
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
      const news = without(named, before);
      settle(settled);
      if (restored) returnAll();
      else if (news.length > 0) {
        fail(held);
        outlived = flying();
      }
      return { settled: news, undone, restored, ahead: false };
    },

    restart: returnAll,

    lapse() {
      const late = aged;
      fail(common(late, outlived));
      held = unionOf(held, aged);
      aged = fresh;
      fresh = noRanges;
      probeDue = held.length > 0;
      return sizeOf(unionOf(held, late));
    },

    state: () => ({ last, settled, gaps, ...(store !== undefined && { store }) }),
    onTheirWay: () => sizeOf(flying()),
  };
}

function upTo(last: number): Ranges {
  return last > 0 ? [[1, last]] : noRanges;
}

function spansOf(gaps: readonly GivenUp[]): Range[] {
  return gaps.map(({ from, to }): Range => [from, to]);
}

/** What of the gaps lies within the numbers. */
function partsOf(gaps: readonly GivenUp[], numbers: Ranges): GivenUp[] {
  return gaps.flatMap((gap) =>
    common([[gap.from, gap.to]], numbers).map(([from, to]) => ({ ...gap, from, to })),
  );
}
