import { expect, test } from "vitest";
import { seed, thorough } from "../../../tests/support/thoroughness.ts";
import { rtuFramer } from "./rtu-framing.ts";
import {
  type Random,
  type RandomExchange,
  randomExchange,
  randomFrom,
} from "./testing/random-modbus.ts";
import { isSerialFrameBySpec, serialLengthBySpec } from "./testing/spec-decoder.ts";

const exchanges = thorough(1_000_000, 30_000);

test(
  `${exchanges} exchanges on a serial line from seed ${seed}: the good answer, once, and no other`,
  () => {
    const random = randomFrom(seed + 4);
    const framer = rtuFramer();
    let found = 0;
    for (let done = 0; done < exchanges; done += 1) {
      const exchange = randomExchange(random);
      const said = framesOf(framer, exchange, random);
      const wrong = wrongWith(said, exchange);
      if (wrong) expect({ ...inWords(exchange), said, wrong }).toBe("right");
      if (said.includes(goodOf(exchange))) found += 1;
    }
    expect(found).toBeGreaterThan(exchanges / 2);
    expect(found).toBeLessThan(exchanges);
  },
  thorough(1_200_000, 60_000),
);

/** The frames that the framer hands on, with their checksums, as they stand in the stream. */
function framesOf(
  framer: ReturnType<typeof rtuFramer>,
  { request, stream }: RandomExchange,
  random: Random,
): string[] {
  const said: string[] = [];
  const most = 1 + random(stream.length);
  // The one buffer that all pieces come in, as on a socket: what is kept has to be copied.
  const buffer = Buffer.alloc(most);
  framer.begin(request);
  for (let at = 0; at < stream.length; ) {
    const length = Math.min(1 + random(most), stream.length - at);
    stream.copy(buffer, 0, at, at + length);
    framer.push(buffer.subarray(0, length), ({ unit, pdu }) => {
      said.push(Buffer.concat([Buffer.from([unit]), pdu]).toString("hex"));
    });
    at += length;
    buffer.fill(0xa5);
  }
  return said;
}

/** What is wrong with the frames that were handed on; nothing if right. */
function wrongWith(said: readonly string[], exchange: RandomExchange): string | undefined {
  const { stream, at } = exchange;
  let from = 0;
  for (const frame of said) {
    const place = placeOf(frame, stream, from);
    if (place === undefined) return `${frame} is no frame, or stands before the last one`;
    from = place + frame.length / 2 + 2;
  }
  const times = said.filter((frame) => frame === goodOf(exchange)).length;
  if (at === undefined || isHidden(exchange, at)) return;
  return times === 1 ? undefined : `the answer was found ${times} times`;
}

/** The good answer without its checksum. */
function goodOf({ answer }: RandomExchange): string {
  return answer.subarray(0, -2).toString("hex");
}

/** Where those bytes stand with the checksum that the specification wants. */
function placeOf(frame: string, stream: Buffer, from: number): number | undefined {
  const bytes = Buffer.from(frame, "hex");
  for (let at = stream.indexOf(bytes, from); at >= 0; at = stream.indexOf(bytes, at + 1)) {
    if (serialLengthBySpec(stream, at) === bytes.length + 2 && isSerialFrameBySpec(stream, at)) {
      return at;
    }
  }
  return undefined;
}

/** Whether what stands before the answer may be taken for a frame, or for the same answer, that reaches into it. */
function isHidden({ answer, stream }: RandomExchange, at: number): boolean {
  for (let before = 0; before < at; before += 1) {
    const end = before + serialLengthBySpec(stream, before);
    if (isSerialFrameBySpec(stream, before) && end > at) return true;
    const isSameHead = stream.subarray(before, before + 3).equals(answer.subarray(0, 3));
    if (isSameHead && end > stream.length) return true;
  }
  return false;
}

function inWords({ request, answer, stream }: RandomExchange) {
  const [asked, good, got] = [request, answer, stream].map((bytes) => bytes.toString("hex"));
  return { asked, good, got };
}
