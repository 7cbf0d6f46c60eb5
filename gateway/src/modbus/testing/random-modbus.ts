import type { Decimal } from "@sunledger/model/decimal";
import { encodeFrame } from "../framing.ts";
import type { ReadSpan } from "../read-request.ts";
import type { RegisterPoint } from "../register-point.ts";
import { encodeRtuFrame } from "../rtu-framing.ts";
import { pointOf } from "./point-of.ts";

export const framesAStream = 12;

export type Random = (below: number) => number;

/** Whole numbers below a bound, the same from the same seed (mulberry32). */
export function randomFrom(begin: number): Random {
  let state = begin >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function randomBytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => random(256)));
}

/** A good frame of whatever content. */
export function randomFrame(random: Random): Buffer {
  const pdu = randomBytes(random(8) === 0 ? 253 : 1 + random(60), random);
  return encodeFrame({ transaction: random(65_536), unit: random(256), pdu });
}

const edgeLengths = [0, 1, 2, 3, 253, 254, 255, 256, 0xffff];

/** Mostly good frames; half of the streams have one flaw somewhere. */
export function randomStream(random: Random): Buffer {
  const parts = Array.from({ length: framesAStream }, () => randomFrame(random));
  const place = random(framesAStream);
  const flawed = parts[place] ?? Buffer.alloc(0);
  const flaw = random(8);
  if (flaw === 0) flawed[random(6)] = random(256);
  if (flaw === 1) flawed.writeUInt16BE(edgeLengths[random(10)] ?? random(65_536), 4);
  if (flaw === 2) parts[place] = flawed.subarray(0, random(flawed.length));
  if (flaw === 3) parts[place] = Buffer.concat([randomBytes(1 + random(20), random), flawed]);
  return Buffer.concat(parts);
}

const kinds = ["coil", "discrete", "holding", "input"] as const;

/** A read of few registers or bits. */
export function randomSpan(random: Random): ReadSpan {
  const kind = kinds[random(4)] ?? "holding";
  const most = kind === "coil" || kind === "discrete" ? 40 : 12;
  return { kind, address: random(1_000), count: 1 + random(most) };
}

/** Every other answer is wrong in some way. */
export function randomAnswer(span: ReadSpan, random: Random): Buffer {
  const code = kinds.indexOf(span.kind) + 1;
  const bytes = code < 3 ? Math.ceil(span.count / 8) : span.count * 2;
  const good = Buffer.concat([Buffer.from([code, bytes]), randomBytes(bytes, random)]);
  switch (random(10)) {
    case 0:
      return Buffer.from([code | 0x80, random(256)]);
    case 1:
      return good.subarray(0, 1 + random(good.length));
    case 2:
      return Buffer.concat([good, randomBytes(1 + random(4), random)]);
    case 3:
      good[random(2)] = random(256);
      return good;
    case 4:
      return randomBytes(1 + random(30), random);
    default:
      return good;
  }
}

/** A read on a serial line, its good answer, and what the line brings instead or besides. */
export type RandomExchange = {
  readonly request: Buffer;
  readonly answer: Buffer;
  readonly stream: Buffer;
  /** Where the good answer stands in what is brought; absent where it is flawed or missing. */
  readonly at?: number;
};

/** Mostly the good answer, behind an echo, noise and the answers of others; else a flawed one. */
export function randomExchange(random: Random): RandomExchange {
  const unit = 1 + random(247);
  const span = randomSpan(random);
  const code = kinds.indexOf(span.kind) + 1;
  const request = encodeRtuFrame({ unit, pdu: readPdu(code, span) });
  const bytes = code < 3 ? Math.ceil(span.count / 8) : span.count * 2;
  const pduOf = (one: number, length: number) =>
    Buffer.concat([Buffer.from([one, length]), randomBytes(length, random)]);
  const answer = encodeRtuFrame({ unit, pdu: pduOf(code, bytes) });
  const foreign = () => {
    const length = 2 * (1 + random(20));
    return encodeRtuFrame({
      unit: random(3) === 0 ? unit : random(248),
      pdu: pduOf(1 + random(4), length),
    });
  };
  const flawed = (): Buffer => {
    const flaw = random(3);
    if (flaw === 0) return answer.subarray(0, random(answer.length));
    const wrong = Buffer.from(answer);
    const place = random(answer.length);
    wrong[place] = (wrong[place] ?? 0) ^ (1 + random(255));
    return flaw === 1 ? wrong : Buffer.concat([wrong, randomBytes(random(9), random)]);
  };
  const before = [
    ...(random(4) === 0 ? [request] : []),
    ...(random(3) === 0 ? [randomBytes(1 + random(30), random)] : []),
    ...(random(3) === 0 ? [foreign()] : []),
    ...(random(6) === 0 ? [flawed()] : []),
  ];
  const isGood = random(4) > 0;
  const stream = Buffer.concat([...before, isGood ? answer : flawed()]);
  return { request, answer, stream, ...(isGood && { at: stream.length - answer.length }) };
}

function readPdu(code: number, { address, count }: ReadSpan): Buffer {
  return Buffer.from([code, address >> 8, address & 0xff, count >> 8, count & 0xff]);
}

const types = [
  ...(["uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"] as const),
  ...(["enum16", "enum32", "bits16", "bits32", "bool"] as const),
];
const orders = ["big", "little"] as const;
const scales: readonly Decimal[] = [
  ...[0, -1, -2, -3, 1, 3].map((exponent) => ({ digits: 1n, exponent })),
  { digits: -1n, exponent: 0 },
  { digits: 25n, exponent: -2 },
];
/** Words that marks, signs, infinities and NaN are made of come more often than others. */
const telling = [0, 1, 0x7fff, 0x8000, 0xffff, 0x7fc0, 0x7f80, 0xff80, 0x7ff8, 0xfff0];

/** A point of any numeric type, and the registers that came for it. */
export function randomPoint(random: Random): { point: RegisterPoint; words: number[] } {
  const type = types[random(types.length)] ?? "uint16";
  const wordOrder = orders[random(2)] ?? "big";
  const byteOrder = orders[random(2)] ?? "big";
  const plain = pointOf({ type, wordOrder, byteOrder });
  const word = () => (random(3) === 0 ? (telling[random(telling.length)] ?? 0) : random(65_536));
  // Now and then a register did not come.
  const words = Array.from({ length: plain.size - (random(20) === 0 ? 1 : 0) }, word);
  const mark = BigInt(`0x${(telling[random(5)] ?? 0).toString(16).repeat(plain.size)}`);
  const point: RegisterPoint = {
    ...plain,
    scale: scales[random(scales.length)] ?? plain.scale,
    offset: { digits: BigInt(random(3) - 1) * 40n, exponent: -random(2) },
    invalid: random(2) === 0 ? [mark, "NaN"] : [],
  };
  return { point, words };
}
