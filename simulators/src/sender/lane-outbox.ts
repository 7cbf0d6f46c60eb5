import { type Ack, deliveryWindow, type Frame, type Range } from "@sunledger/model";

type LaneAck = NonNullable<Ack["lanes"]["values"]>;

/** The frames of one lane from their numbering to their acknowledgement, in memory. */
export type LaneOutbox = {
  put(frame: Omit<Frame, "sequence">): void;
  /** The next frames to send, at most so many. */
  take(most: number): Frame[];
  ack(store: string, says: LaneAck): void;
  /** What is under way must be sent again. */
  restart(): void;
  /** Called in intervals of patience: what was under way at the call before is sent again. */
  lapse(): void;
  hasRoom(): boolean;
  isEmpty(): boolean;
  /** Frames not acknowledged. */
  size(): number;
  /** Frames not acknowledged and not under way. */
  unsent(): number;
  last(): number;
};

/** An outbox that takes `most` frames before the first of them has to be acknowledged. */
export function laneOutbox(most: number): LaneOutbox {
  const window = deliveryWindow({ last: 0 }, { window: most });
  const frames = new Map<number, Frame>();
  let last = 0;

  return {
    put(frame) {
      last += 1;
      frames.set(last, { ...frame, sequence: last });
      window.kept(last);
    },

    take(count) {
      const parcel = window.take(count);
      const taken: Frame[] = [];
      for (const number of numbersOf(parcel?.numbers ?? [])) {
        const frame = frames.get(number);
        if (frame) taken.push(frame);
      }
      return taken;
    },

    ack(store, says) {
      const { settled } = window.ack(store, says);
      for (const number of numbersOf(settled)) frames.delete(number);
    },

    restart: () => window.restart(),
    lapse: () => void window.lapse(),
    hasRoom: () => frames.size < most,
    isEmpty: () => frames.size === 0,
    size: () => frames.size,
    unsent: () => frames.size - window.onTheirWay(),
    last: () => last,
  };
}

function* numbersOf(ranges: readonly Range[]): Generator<number> {
  for (const [from, to] of ranges) for (let number = from; number <= to; number += 1) yield number;
}
