import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packetMeter } from "./packet-meter.ts";

describe("packetMeter", () => {
  test("lets packets up to the limit pass, however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 300 }),
        (lengths, cut) => {
          const stream = Buffer.concat(lengths.map(packet));
          const fits = packetMeter(1_000);
          for (let i = 0; i < stream.length; i += cut) {
            expect(fits(stream.subarray(i, i + cut))).toBe(true);
          }
        },
      ),
    );
  });

  test("refuses a longer one before its body has come", () => {
    const fits = packetMeter(1_000);

    expect(fits(packet(1_000))).toBe(true);
    expect(fits(packet(1_001).subarray(0, 3))).toBe(false);
  });

  test("refuses a length of more than four bytes", () => {
    expect(packetMeter(2 ** 30)(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(false);
  });
});

function packet(length: number): Buffer {
  const header = [0x30];
  for (let left = length; ; left = Math.floor(left / 128)) {
    if (left < 128) {
      header.push(left);
      break;
    }
    header.push((left % 128) | 0x80);
  }
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)]);
}
