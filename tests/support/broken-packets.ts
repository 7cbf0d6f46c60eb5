import type { Random } from "../../gateway/src/modbus/testing/random-modbus.ts";

/** Who somebody says to be. */
export type Credential = { readonly id: string; readonly user: string; readonly secret: string };

type Head = { readonly type: number; readonly flags?: number };

const connect = 1;
const publish = 3;
const subscribe = 8;
const unsubscribe = 10;
const mostPieces = 12;

/** The first packet of a good client, MQTT 3.1.1. */
export function connectPacket({ id, user, secret }: Credential): Buffer {
  const flags = Buffer.from([4, 0xc2, 0, 60]); // user, password, a clean session, kept alive for a minute
  return packet({ type: connect }, [text("MQTT"), flags, text(id), text(user), text(secret)]);
}

/** Bytes that no client should send: a packet with a flaw, good ones around it. */
export function brokenStream(random: Random, who: Credential): Buffer {
  const good = Array.from({ length: random(4) }, () => anyPacket(random, who));
  const flaw = flaws[random(flaws.length)] ?? noise;
  return Buffer.concat([...good, flaw(random, who), anyPacket(random, who)]);
}

/** The bytes in pieces, as a network may deliver them. */
export function inPieces(bytes: Buffer, random: Random): readonly Buffer[] {
  const cuts = Array.from({ length: random(mostPieces) }, () => random(bytes.length + 1)).sort(
    (a, b) => a - b,
  );
  const bounds = [0, ...cuts, bytes.length];
  return bounds.slice(1).map((end, i) => bytes.subarray(bounds[i], end));
}

type Flaw = (random: Random, who: Credential) => Buffer;

const flipped: Flaw = (random, who) => {
  const bytes = anyPacket(random, who);
  for (let count = 1 + random(4); count > 0; count -= 1) {
    const place = random(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << random(8));
  }
  return bytes;
};
const cutOff: Flaw = (random, who) => {
  const bytes = anyPacket(random, who);
  return bytes.subarray(0, random(bytes.length));
};
/** Names a length that is not its own: the rest is missing, or read as the next packet. */
const misjudged: Flaw = (random, who) => {
  const bytes = anyPacket(random, who);
  bytes[1] = random(128);
  return bytes;
};
const endless: Flaw = (random) =>
  Buffer.from([[0x30, 0x82, 0x10][random(3)] ?? 0, 0xff, 0xff, 0xff, 0xff, 0x7f]);
const huge: Flaw = (random) =>
  Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(random(64))]);
const reserved: Flaw = (random) =>
  packet({ type: random(2) * 15, flags: random(16) }, [bytesOf(random)]);
const forbiddenFlags: Flaw = (random) =>
  packet({ type: 1 + random(14), flags: random(16) }, [bytesOf(random)]);
const badTopic: Flaw = (random) => {
  const topics = ["", "#", "+/+", "a\u0000b", "/".repeat(500), "x".repeat(65_535)];
  const topic =
    random(4) === 0 ? Buffer.from([0, 3, 0xff, 0xfe, 0xc3]) : text(anyOf(topics, random));
  return packet({ type: publish, flags: random(4) * 2 }, [topic, bytesOf(random)]);
};
const badFilter: Flaw = (random) => {
  const filters = ["", "#/a", "a+", "$share//", "$share/x/#", "+".repeat(300)];
  const id = Buffer.from([0, random(2)]);
  const qos = Buffer.from([random(256)]);
  const type = random(2) === 0 ? subscribe : unsubscribe;
  return packet({ type, flags: 2 }, [id, text(anyOf(filters, random)), qos]);
};
/** A client signs in once. */
const connectTwice: Flaw = (_random, who) =>
  Buffer.concat([connectPacket(who), connectPacket(who)]);
const noise: Flaw = (random) => bytesOf(random);
const empty: Flaw = (random) => packet({ type: 1 + random(14), flags: random(16) }, []);

const flaws: readonly Flaw[] = [
  ...[flipped, cutOff, misjudged, endless, huge, reserved, forbiddenFlags],
  ...[badTopic, badFilter, connectTwice, noise, empty],
];

function anyPacket(random: Random, who: Credential): Buffer {
  const id = Buffer.from([random(256), random(256)]);
  const topic = text(`sunledger/v1/${who.user}/${anyOf(["frames", "status", "ack", "x"], random)}`);
  const kinds = [
    () => connectPacket(who),
    () => packet({ type: publish }, [topic, bytesOf(random)]),
    () => packet({ type: publish, flags: 2 }, [topic, id, bytesOf(random)]),
    () => packet({ type: publish, flags: 4 }, [topic, id, bytesOf(random)]),
    () => packet({ type: 4 + random(4), flags: 0 }, [id]),
    () => packet({ type: 6, flags: 2 }, [id]),
    () => packet({ type: subscribe, flags: 2 }, [id, topic, Buffer.from([0])]),
    () => packet({ type: unsubscribe, flags: 2 }, [id, topic]),
    () => packet({ type: 12 }, []),
    () => packet({ type: 14 }, []),
  ];
  return anyOf(kinds, random)();
}

function packet({ type, flags = 0 }: Head, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let left = body.length; ; left >>>= 7) {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    if (left <= 0x7f) break;
  }
  return Buffer.concat([Buffer.from([(type << 4) | flags, ...length]), body]);
}

function text(content: string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function bytesOf(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random(200) }, () => random(256)));
}

function anyOf<T>(all: readonly T[], random: Random): T {
  return all[random(all.length)] as T;
}
