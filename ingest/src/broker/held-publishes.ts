import type { EventEmitter } from "node:events";
import type { Aedes, Client, PublishPacket } from "aedes";

/**
 * Holds back the PUBACK of devices that are no gateways of ours until ingest has acknowledged what they sent,
 * which it does once it is committed: they have no outbox, and a broker's word means nothing (D-2).
 */
export type HeldPublishes = {
  /** Passes the message on; calls back once ingest has it, or with why it is not taken. */
  hold(packet: PublishPacket, callback: (error?: Error | null) => void): void;
};

/** A device that has more under way is shown out, and sends again. */
const mostHeld = 2_000;
/** Nobody hears it: what was held has gone its way already. */
const spentTopic = "sunledger/v1/_spent";

/** `isEar`: whether a client is the ear of ingest, whose sessions the broker keeps. */
export function heldPublishes(broker: Aedes, isEar: (client: Client) => boolean): HeldPublishes {
  type Held = { readonly topic: string; readonly done: () => void };
  /** By the payload itself, which is the same object all the way through the broker. */
  const held = new Map<unknown, Held>();
  const known = new Set<string>();

  const pass = (topic: string, payload: Buffer) => {
    const packet = { cmd: "publish", topic, payload, qos: 1, retain: false, dup: false } as const;
    broker.publish(packet, () => {});
  };
  const events: EventEmitter = broker;
  events.on("ack", (packet: PublishPacket | undefined) => {
    const one = packet && held.get(packet.payload);
    held.delete(packet?.payload);
    one?.done();
  });
  events.on("subscribe", (_subscriptions, client: Client) => {
    // Of a session that is there already the broker has kept them.
    if (!isEar(client) || known.has(client.id)) return;
    known.add(client.id);
    for (const [payload, { topic }] of held) pass(topic, payload as Buffer);
  });

  return {
    hold(packet, callback) {
      if (held.size >= mostHeld) return callback(new Error("too much waits for ingest"));
      const payload = Buffer.from(packet.payload);
      const { topic } = packet;
      const done = () => {
        packet.topic = spentTopic;
        packet.payload = Buffer.alloc(0);
        callback(null);
      };
      held.set(payload, { topic, done });
      pass(topic, payload);
    },
  };
}
