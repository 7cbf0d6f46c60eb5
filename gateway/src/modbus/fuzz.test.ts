import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Decimal, decimalText } from "@sunledger/model/decimal";
import { describe, expect, test } from "vitest";
import { seed, thorough } from "../../../tests/support/thoroughness.ts";
import { type Decoded, decode } from "./decode.ts";
import { frameSplitter, type TcpFrame } from "./framing.ts";
import { ModbusError } from "./modbus-error.ts";
import { wordsOf } from "./read-request.ts";
import type { RegisterPoint } from "./register-point.ts";
import {
  framesAStream,
  type Random,
  randomAnswer,
  randomFrame,
  randomFrom,
  randomPoint,
  randomSpan,
  randomStream,
} from "./testing/random-modbus.ts";
import { answerBySpec, framesBySpec, rawBySpec } from "./testing/spec-decoder.ts";

const frames = thorough(1_000_000, 30_000);
const longest = thorough(600_000, 60_000);

describe(`${frames} frames from seed ${seed}`, () => {
  test(
    "of good and broken streams, in whatever pieces: the spec's frames and no other",
    () => {
      const random = randomFrom(seed);
      for (let done = 0; done < frames; done += framesAStream) {
        const stream = randomStream(random);
        const said = split(stream, random);
        const right = framesBySpec(stream);

        // One comparison of texts: expect() of each part would take longer than all the rest.
        const text = right.frames.map(frameText).join();
        if (said.frames.join() !== text || said.isBroken !== right.isBroken) {
          expect({ stream: stream.toString("hex"), ...said }).toEqual({
            stream: stream.toString("hex"),
            frames: right.frames.map(frameText),
            isBroken: right.isBroken,
          });
        }
        if (!said.isBroken) expect(said.midFrame).toBe(right.rest > 0);
      }
    },
    longest,
  );

  test(
    "as answers to reads: the spec's words, its exception, or an error of ours",
    () => {
      const random = randomFrom(seed + 1);
      let accepted = 0;
      for (let done = 0; done < frames; done += 1) {
        const span = randomSpan(random);
        const pdu = randomAnswer(span, random);
        const said = saidOf(() => ({ words: wordsOf(pdu, span) }));
        const right = answerBySpec(pdu, span);

        if (said !== JSON.stringify(right)) {
          expect({ span, pdu: pdu.toString("hex"), said }).toEqual({
            span,
            pdu: pdu.toString("hex"),
            said: JSON.stringify(right),
          });
        }
        if ("words" in right) accepted += 1;
      }
      expect(accepted).toBeGreaterThan(frames / 10);
      expect(accepted).toBeLessThan(frames);
    },
    longest,
  );

  test(
    "as values of points: the number that the registers hold, scaled, or none",
    () => {
      const random = randomFrom(seed + 2);
      for (let done = 0; done < frames; done += 1) {
        const { point, words } = randomPoint(random);
        const said = decode(point, (address) => words[address]);
        const wrong = wrongWith(said, point, words);
        if (wrong) expect({ point, words, said, wrong }).toBe("right");
      }
    },
    longest,
  );

  test(
    "through one splitter: no more memory in the end than before",
    () => {
      const random = randomFrom(seed + 3);
      const splitter = frameSplitter();
      const stream = Buffer.concat(Array.from({ length: 1_000 }, () => randomFrame(random)));
      let count = 0;
      const feed = (times: number) => {
        for (let i = 0; i < times; i += 1) {
          for (let at = 0; at < stream.length; at += 311) {
            splitter.push(stream.subarray(at, at + 311), () => {
              count += 1;
            });
          }
        }
      };
      feed(2);
      const rounds = 5;
      const each = 200_000;
      const used = [usedBytes()];
      for (let round = 0; round < rounds; round += 1) {
        feed(each / 1_000);
        used.push(usedBytes());
      }

      expect(count).toBe(rounds * each + 2_000);
      expect(splitter.isMidFrame()).toBe(false);
      // What is kept of frames grows in most rounds; what the engine compiles does so in one or two.
      const growth = used.slice(1).map((bytes, round) => bytes - (used[round] ?? 0));
      expect(growth.sort((a, b) => a - b)[(rounds - 1) / 2]).toBeLessThan(8 * each);
    },
    longest,
  );
});

function split(stream: Buffer, random: Random) {
  const splitter = frameSplitter();
  const frames: string[] = [];
  const most = 1 + random(400);
  // The one buffer that all pieces come in, as on a socket: what is kept has to be copied.
  const buffer = Buffer.alloc(most);
  try {
    for (let at = 0; at < stream.length; ) {
      const length = Math.min(1 + random(most), stream.length - at);
      stream.copy(buffer, 0, at, at + length);
      splitter.push(buffer.subarray(0, length), (frame) => frames.push(frameText(frame)));
      at += length;
      buffer.fill(0xa5);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(ModbusError);
    return { frames, isBroken: true };
  }
  return { frames, isBroken: false, midFrame: splitter.isMidFrame() };
}

function frameText({ transaction, unit, pdu }: Omit<TcpFrame, "pdu"> & { pdu: Uint8Array }) {
  return `${transaction}/${unit}/${Buffer.from(pdu).toString("hex")}`;
}

function saidOf(read: () => object): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    if (!(error instanceof ModbusError)) throw error;
    const { kind, exception } = error;
    expect(["protocol", "exception"]).toContain(kind);
    return JSON.stringify(kind === "exception" ? { exception } : {});
  }
}

/** What is wrong with a decoded value, by the spec's reading of the same registers; nothing if right. */
function wrongWith(said: Decoded, point: RegisterPoint, words: readonly number[]) {
  if (words.length < point.size) return flagged(said, "failed");
  const { unsigned, number } = rawBySpec(words, point);
  if (point.invalid.includes(unsigned)) return flagged(said, "notImplemented");
  if (Number.isNaN(number)) {
    return flagged(said, point.invalid.includes("NaN") ? "notImplemented" : "invalid");
  }
  if (Math.abs(Number(number)) === Number.POSITIVE_INFINITY) return flagged(said, "invalid");
  return isWorth(said, point, number) ? undefined : `not ${number}`;
}

function isWorth(said: Decoded, point: RegisterPoint, number: number | bigint): boolean {
  if (!("number" in said)) return false;
  const unscaled = overScale(said.number, point);
  if (typeof number === "bigint") return unscaled === number.toString();
  const double = Number(unscaled);
  return (point.type === "float32" ? Math.fround(double) : double) === number;
}

function flagged(said: Decoded, flag: string) {
  return "flag" in said && said.flag === flag ? undefined : `not flagged ${flag}`;
}

const most = 400;

/** The raw number a value stands for: less the offset, over the scale, exactly. */
function overScale(value: Decimal, { scale, offset }: RegisterPoint): string {
  const at = ({ digits, exponent }: Decimal) => digits * 10n ** BigInt(most + exponent);
  const shifted = (at(value) - at(offset)) * 10n ** BigInt(most);
  const raw = shifted / at(scale);
  expect(raw * at(scale)).toBe(shifted);
  return decimalText({ digits: raw, exponent: -most });
}

/** Bytes in use on the heap and beside it, when all that nobody needs is gone. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
