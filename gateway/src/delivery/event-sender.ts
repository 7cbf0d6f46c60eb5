import { type Ack, type FramesMessage, mostEvents, topics } from "@sunledger/model";
import { packJson, type Scope } from "@sunledger/runtime";
import type { Outbox } from "../outbox/outbox.ts";
import type { BrokerSession } from "./broker-session.ts";

/** Sends the outbox's events until they are acknowledged by their ids. */
export interface EventSender {
  /** Takes the session into use and sends everything that waits. */
  use(session: BrokerSession): void;
  /** Sends once more what waits: the message or its ack may have been lost. */
  repeat(): void;
  hear(ack: Ack): void;
  /** What waits and may have left this gateway, also in an earlier life: ids (D-14). */
  sent(): readonly string[];
}

type Parts = {
  readonly gateway: string;
  readonly outbox: Outbox;
  readonly log: Scope["log"];
};

/**
 * Events are rare and travel beside the frames, in messages of their own on the same topic: an
 * ingest that knows no events takes such a message for one without frames.
 */
export function eventSender({ gateway, outbox, log }: Parts): EventSender {
  let session: BrokerSession | undefined;
  let said = new Set<string>();
  const left = new Set(outbox.events().map(({ id }) => id));

  const send = async (to: BrokerSession) => {
    const events = outbox.events().filter(({ id }) => !said.has(id));
    for (const { id } of events) left.add(id);
    for (let i = 0; i < events.length; i += mostEvents) {
      const some = events.slice(i, i + mostEvents);
      for (const { id } of some) said.add(id);
      const message: FramesMessage = {
        ...{ v: 1, gateway, epoch: outbox.state().epoch, lane: "counters", groups: [] },
        events: some,
      };
      await to.publish(topics.frames(gateway), await packJson(message), { qos: 0 });
    }
  };
  const sendWhatWaits = () => {
    const to = session;
    if (!to || to.signal.aborted) return;
    // Lost with the connection, it is sent again by the next session.
    send(to).catch((err: unknown) => log.debug({ err }, "events could not be sent"));
  };
  const repeat = () => {
    said = new Set();
    sendWhatWaits();
  };
  outbox.onChange(sendWhatWaits);

  return {
    use(present) {
      session = present;
      repeat();
    },
    repeat,
    hear({ events = [] }) {
      if (events.length > 0) outbox.settleEvents(events);
      for (const id of events) left.delete(id);
    },
    sent: () => [...left],
  };
}
