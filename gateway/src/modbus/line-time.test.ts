import type { LineAddress } from "@sunledger/model/line-address";
import { describe, expect, test } from "vitest";
import { charMs, silenceMs, worthwhileGap } from "./line-time.ts";

describe("the time of a serial line", () => {
  test("a character takes its start, parity and stop bits too", () => {
    expect(charMs(serial(9_600))).toBeCloseTo(10 / 9.6);
    expect(charMs({ ...serial(19_200), parity: "even" })).toBeCloseTo(11 / 19.2);
    expect(charMs({ ...serial(19_200), parity: "even", stopBits: 2 })).toBeCloseTo(12 / 19.2);
  });

  test("between frames it is silent for 3.5 characters, from 19200 baud on for 1.75 ms", () => {
    expect(silenceMs(serial(9_600))).toBeCloseTo(3.65, 2);
    expect(silenceMs(serial(115_200))).toBe(1.75);
  });
});

describe("the registers that take as long as one request more", () => {
  test.each([
    [1_200, 0, 10],
    [9_600, 0, 14],
    [9_600, 30, 29],
    [115_200, 0, 84],
  ])("at %i baud and a pause of %i ms: %i", (baud, pauseMs, registers) => {
    expect(worthwhileGap(serial(baud), pauseMs)).toBe(registers);
  });

  test("behind a converter they are those of its line, of 9600 baud unless it is said", () => {
    const host = { host: "h", port: 1 };
    const serial = { baud: 115_200, parity: "none", stopBits: 1 } as const;

    expect(worthwhileGap({ transport: "rtu+tcp", ...host, serial }, 0)).toBe(84);
    expect(silenceMs({ transport: "rtu+tcp", ...host, serial })).toBe(1.75);
    expect(silenceMs({ transport: "rtu+tcp", ...host })).toBeCloseTo(3.65, 2);
    expect(worthwhileGap({ transport: "rtu+tcp", ...host }, 0)).toBe(14);
  });

  test("over Modbus TCP they are all", () => {
    const host = { host: "h", port: 1 };

    expect(worthwhileGap({ transport: "tcp", ...host }, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

function serial(baud: number): LineAddress & { transport: "serial" } {
  return { transport: "serial", path: "/dev/ttyUSB0", baud, parity: "none", stopBits: 1 };
}
