import type { EventEmitter } from "node:events";
import type { Aedes, Client, PublishPacket } from "aedes";
import { fits } from "./topic-filter.ts";

/**
 * Holds back the answer to devices that are no gateways of ours, PUBACK or PUBREC, until ingest has acknowledged what
 * they sent, which it does once it is committed: they have no outbox, and a broker's word means nothing (D-2).
 */
export type HeldPublishes = {
  /**
   * Passes the message on, and answers its device once ingest has it; calls back when the next may be read. Who has
   * too much under way is not read any further until there is room again: nobody else waits for that.
   */
  hold(from: Sender, packet: PublishPacket, callback: (error?: Error | null) => void): void;
};

export type Sender = { readonly client: Client; readonly user: string };

/** Of one client's name. */
const mostMessages = 100;
/** Of all devices that sign in as one. */
const mostBytes = 32 * 1024 * 1024;
/** What is kept beside a payload, about. */
const overheadBytes = 1_000;
/** Nobody hears it: what was held has gone its way already. */
const spentTopic = "sunledger/v1/_spent";
/** Fixed headers of MQTT 3.1.1, each followed by the message's number. */
const answerHeaders = { 1: [0x40, 2], 2: [0x50, 2] } as const;

type Held = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly user: string;
  readonly name: string;
  /** By client and number of the message: what comes again is known by it. */
  readonly key: string;
  readonly answer: (client: Client) => void;
  /** The connection by which it came last. */
  client: Client;
};

type Waiting = { readonly from: Sender; readonly packet: PublishPacket; readonly next: () => void };

/** `isEar`: whether a client is the ear of ingest, whose sessions the broker keeps. */
export function heldPublishes(broker: Aedes, isEar: (client: Client) => boolean): HeldPublishes {
  /** By the payload itself, which is the same object all the way through the broker. */
  const held = new Map<unknown, Held>();
  const byKey = new Map<string, Held>();
  const messages = sums();
  const bytes = sums();
  const waiting = new Map<Client, Waiting[]>();
  const known = new Set<string>();

  const pass = ({ topic, payload }: Held) => {
    const packet = { cmd: "publish", topic, payload, qos: 1, retain: false, dup: false } as const;
    broker.publish(packet, () => {});
  };
  const count = ({ name, user, payload }: Held, by: 1 | -1) => {
    messages.add(name, by);
    bytes.add(user, by * (payload.length + overheadBytes));
  };
  const hasRoom = ({ client, user }: Sender) =>
    messages.of(client.id) < mostMessages && bytes.of(user) < mostBytes;

  const keep = ({ client, user }: Sender, packet: PublishPacket) => {
    const key = keyOf(client, packet);
    const payload = Buffer.from(packet.payload);
    const answer = answering(packet);
    const one: Held = { topic: packet.topic, payload, user, name: client.id, key, answer, client };
    held.set(payload, one);
    byKey.set(key, one);
    count(one, 1);
    pass(one);
  };
  const readOn = () => {
    for (const [client, own] of waiting) {
      for (let first = own[0]; first && hasRoom(first.from); first = own[0]) {
        own.shift();
        keep(first.from, first.packet);
        first.next();
      }
      if (own.length === 0) waiting.delete(client);
    }
  };

  const events: EventEmitter = broker;
  events.on("ack", (packet: PublishPacket | undefined) => {
    const one = packet && held.get(packet.payload);
    if (!one) return;
    held.delete(one.payload);
    if (byKey.get(one.key) === one) byKey.delete(one.key);
    count(one, -1);
    one.answer(one.client);
    readOn();
  });
  events.on("clientDisconnect", (client: Client) => waiting.delete(client));
  events.on("subscribe", (subscriptions: readonly { topic: string }[], client: Client) => {
    // Of a session that is there already the broker has kept them.
    if (!isEar(client) || known.has(client.id)) return;
    known.add(client.id);
    for (const one of held.values()) {
      if (subscriptions.some(({ topic }) => fits(topic, one.topic))) pass(one);
    }
  });

  return {
    hold(from, packet, callback) {
      const { client } = from;
      const before = packet.dup ? byKey.get(keyOf(client, packet)) : undefined;
      const next = () => {
        spend(packet);
        callback(null);
      };
      if (before && before.topic === packet.topic && before.payload.equals(bytesOf(packet))) {
        before.client = client;
        return next();
      }
      const own = waiting.get(client);
      if (own) own.push({ from, packet, next });
      else if (!hasRoom(from)) waiting.set(client, [{ from, packet, next }]);
      else {
        keep(from, packet);
        next();
      }
    },
  };
}

/** What the broker makes of it from here on: nothing, and no answer of its own. */
function spend(packet: PublishPacket) {
  packet.topic = spentTopic;
  packet.payload = Buffer.alloc(0);
  packet.qos = 0;
}

/** Answers a message by the connection that it came by last; a last will has no answer. */
function answering({ qos, messageId }: PublishPacket): Held["answer"] {
  if (qos === 0 || messageId === undefined) return () => {};
  const answer = Buffer.from([...answerHeaders[qos], messageId >> 8, messageId & 0xff]);
  return ({ closed, conn }) => {
    if (!closed && conn.writable) conn.write(answer);
  };
}

function keyOf({ id }: Client, { messageId }: PublishPacket): string {
  return `${messageId} ${id}`;
}

function bytesOf({ payload }: PublishPacket): Buffer {
  return typeof payload === "string" ? Buffer.from(payload) : payload;
}

function sums() {
  const known = new Map<string, number>();
  return {
    of: (name: string) => known.get(name) ?? 0,
    add: (name: string, by: number) => {
      const sum = (known.get(name) ?? 0) + by;
      if (sum > 0) known.set(name, sum);
      else known.delete(name);
    },
  };
}
