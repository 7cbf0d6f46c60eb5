import {
  type Ack,
  type DeliveryWindow,
  deliveryWindow,
  type Lane,
  type Parcel,
  type Range,
  type Ranges,
  topics,
  unionOf,
} from "@sunledger/model";
import { packJson, type Scope } from "@sunledger/runtime";
import { type LaneState, lanes, lanesOf } from "../outbox/lane-state.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { BrokerSession } from "./broker-session.ts";
import type { AnnounceLayout } from "./layouts.ts";
import { messagesOf } from "./messages.ts";

export type SenderLimits = {
  /** Frames of a lane on their way at once. */
  readonly window: number;
  readonly rowsAMessage: number;
  /** Of a message, before it is packed. */
  readonly bytesAMessage: number;
};

/** Sends what the outbox holds and the store does not have, as far as it has been released. */
export interface LaneSender {
  /** Everything that is kept may be sent now. */
  release(): void;
  /** How many kept frames of the fuller lane are not released yet. */
  unreleased(): number;
  /** The clock is right now, and this its anchor: moves the times of what was never sent (D-14). */
  correct(anchor: number): void;
  /** Takes the session into use; what was on its way before is sent again. */
  use(session: BrokerSession, announce: AnnounceLayout): void;
  /** Takes in an ack; answers whether ingest has asked for everything anew. */
  hear(ack: Ack): boolean;
  /** Gives up hope for what was on its way at the call before; answers how much that is. */
  lapse(): number;
  /** Each lane by the newest acks. */
  lanes(): Record<Lane, LaneState>;
}

type Link = { readonly broker: BrokerSession; readonly announce: AnnounceLayout };

type Parts = {
  readonly gateway: string;
  readonly outbox: Outbox;
  readonly log: Scope["log"];
  readonly limits: SenderLimits;
  /** Ids of the events that may have left this gateway. */
  readonly sentEvents: () => readonly string[];
  /** So many frames' times were moved by that many milliseconds at most. */
  readonly onCorrected: (frames: number, byMs: number) => void;
};

export function laneSender(parts: Parts): LaneSender {
  const { gateway, outbox, log, limits, onCorrected } = parts;
  let { epoch } = outbox.state();
  let windows = windowsOf(outbox, limits.window);
  let knownGaps = gapCounts(outbox);
  let session: Link | undefined;
  /** What may have left this gateway, also in an earlier life: its time is part of its identity. */
  let sent = everythingIn(outbox);
  let owedAnchor: number | undefined;
  const rewinds = new Set<Lane>();
  let renewal = false;
  let sending = false;
  let again = false;

  /** Follows the outbox to another epoch, and takes over spans it has given up. */
  const follow = () => {
    const state = outbox.state();
    if (state.epoch !== epoch) {
      epoch = state.epoch;
      windows = windowsOf(outbox, limits.window);
      sent = everythingIn(outbox);
      rewinds.clear();
    } else {
      for (const lane of lanes) {
        for (const gap of state.lanes[lane].gaps.slice(knownGaps[lane])) windows[lane].giveUp(gap);
      }
    }
    knownGaps = gapCounts(outbox);
  };
  outbox.onChange(follow);

  const send = async (lane: Lane, { numbers, gaps }: Parcel, to: Link) => {
    const head = { gateway, epoch, lane };
    sent = { ...sent, [lane]: unionOf(sent[lane], numbers) };
    const kept = await outbox.read(lane, numbers);
    for (const hash of new Set(kept.map(({ frame }) => frame.layout))) await to.announce(hash);
    for (const message of messagesOf(head, kept, gaps, limits.bytesAMessage)) {
      const packed = await packJson(message);
      // Under another epoch these numbers belong to other frames.
      if (head.epoch !== epoch) return;
      await to.broker.publish(topics.frames(gateway), packed, { qos: 0 });
    }
  };

  /** While the disk fails what is sent keeps its time, marked as it is, rather than wait. */
  const correctOwed = async () => {
    if (owedAnchor === undefined) return;
    const anchor = owedAnchor;
    owedAnchor = undefined;
    try {
      const { frames, byMs, trouble } = await outbox.correct(
        { ...sent, events: parts.sentEvents() },
        anchor,
      );
      if (byMs !== 0) onCorrected(frames, byMs);
      if (trouble !== undefined) throw new Error(`not all frames could be corrected: ${trouble}`);
    } catch (err) {
      owedAnchor ??= anchor;
      log.warn({ err }, "times of frames not corrected yet");
    }
  };

  /** What must be done on disk before anything else may be sent. */
  const catchUp = async () => {
    await correctOwed();
    if (renewal) {
      log.warn({ epoch }, "the store has other frames under these numbers: a new epoch is begun");
      await outbox.beginEpoch();
      renewal = false;
    }
    for (const lane of rewinds) {
      const { settled, store } = windows[lane].state();
      if (store !== undefined) await outbox.rewind(lane, { store, settled });
      sent = everythingIn(outbox);
      rewinds.delete(lane);
      windows[lane].kept(outbox.state().lanes[lane].last);
    }
  };

  const drain = async (to: Link) => {
    for (let sent = true; sent && !to.broker.signal.aborted; ) {
      sent = false;
      await catchUp();
      for (const lane of lanes) {
        const parcel = windows[lane].take(limits.rowsAMessage);
        if (!parcel) continue;
        sent = true;
        await send(lane, parcel, to);
      }
    }
  };

  const pump = async () => {
    again = true;
    if (sending) return;
    sending = true;
    while (again) {
      again = false;
      const to = session;
      if (!to || to.broker.signal.aborted) {
        await catchUp().catch((error: unknown) => log.warn({ err: error }, "not caught up"));
        continue;
      }
      await drain(to).catch((error: unknown) => {
        // What was on its way in a lost session is sent again in the next.
        if (!to.broker.signal.aborted) log.warn({ err: error }, "frames could not be sent");
      });
    }
    sending = false;
  };

  const hearLane = (store: string, lane: Lane, said: Ack["lanes"][Lane]) => {
    if (!said) return;
    const { settled, restored, undone, ahead } = windows[lane].ack(store, said);
    if (ahead) renewal = true;
    if (restored) {
      log.warn({ store, lane, undone }, "the store is another state of itself: rewound");
      rewinds.add(lane);
    } else if (settled.length > 0) {
      outbox.settle(epoch, lane, { store, settled: windows[lane].state().settled });
    }
  };

  return {
    release() {
      const state = outbox.state();
      for (const lane of lanes) windows[lane].kept(state.lanes[lane].last);
      void pump();
    },

    unreleased() {
      const state = outbox.state();
      const open = lanes.map((lane) => state.lanes[lane].last - windows[lane].state().last);
      return Math.max(...open);
    },

    correct(anchor) {
      owedAnchor = anchor;
      void pump();
    },

    use(broker, announce) {
      session = { broker, announce };
      for (const lane of lanes) windows[lane].restart();
      void pump();
    },

    hear(ack) {
      if (ack.epoch !== epoch) return false;
      if (ack.newEpoch) {
        renewal = true;
        void pump();
        return true;
      }
      for (const lane of lanes) hearLane(ack.store, lane, ack.lanes[lane]);
      if (ack.reset) for (const lane of lanes) windows[lane].restart();
      void pump();
      return ack.reset === true;
    },

    lapse() {
      const overdue = lanes.reduce((sum, lane) => sum + windows[lane].lapse(), 0);
      if (overdue > 0) void pump();
      return overdue;
    },

    lanes() {
      const state = outbox.state();
      return lanesOf((lane) => {
        const { settled } = windows[lane].state();
        return { ...state.lanes[lane], settled };
      });
    },
  };
}

function windowsOf(outbox: Outbox, window: number): Record<Lane, DeliveryWindow> {
  const state = outbox.state();
  return lanesOf((lane) => deliveryWindow(state.lanes[lane], { window }));
}

function everythingIn(outbox: Outbox): Record<Lane, Ranges> {
  const state = outbox.state();
  return lanesOf((lane) => {
    const all: Range = [1, state.lanes[lane].last];
    return all[1] > 0 ? [all] : [];
  });
}

function gapCounts(outbox: Outbox): Record<Lane, number> {
  const state = outbox.state();
  return lanesOf((lane) => state.lanes[lane].gaps.length);
}
