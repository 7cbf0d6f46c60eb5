import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerBytes } from "../../../tests/support/modbus-peer/answer-bytes.ts";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { answerTo, rtuPeer } from "../modbus/testing/rtu-peer.ts";
import { pollMeters } from "./testing/meters-on-a-line.ts";
import { start } from "./testing/opened-device.ts";

const second = 1_000;
const units = 50;
const dead = 17;
const answerMs = 6;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: start });
});
afterEach(() => vi.useRealTimers());

/** What went over a line and what of it has arrived: time goes on when all has. */
type Wire = { sent: number; heard: number; said: number; got: number };

test.each([
  ["Modbus TCP", overTcp],
  ["RTU frames over TCP", overRtu],
])(
  "one dead of 50 behind %s: the others keep their rate within 2 hundredths (trait 7)",
  async (_name, open) => {
    const wire: Wire = { sent: 0, heard: 0, said: 0, got: 0 };
    const peer = await open(wire);
    const meters = pollMeters(units, peer.urlOf, {
      trace: (direction, bytes) => {
        wire[direction] += bytes.length;
      },
    });
    await pass(60 * second, wire);
    meters.polled();

    await pass(300 * second, wire);

    const counts = [...meters.polled()].map(([tag, slots]) => [tag, slots.length] as const);
    expect(counts.map(([tag]) => tag)).toHaveLength(units - 1);
    expect(counts.filter(([, count]) => count < 0.98 * 300)).toEqual([]);
    expect(counts.map(([tag]) => tag)).not.toContain(`M-${dead}`);
    expect(peer.asked()).toBeGreaterThan(0);

    await ended(meters.stop());
    await peer.close();
  },
  120_000,
);

async function overTcp(wire: Wire) {
  let asked = 0;
  const peer = await modbusPeer({
    usual(request) {
      wire.heard += 12;
      if (request.unit === dead) asked += 1;
      else {
        setTimeout(() => {
          const bytes = answerBytes(request, [request.code, request.count * 2, ...zeros(request)]);
          wire.said += bytes.length;
          request.socket.write(bytes);
        }, answerMs);
      }
    },
  });
  const urlOf = (unit: number) => `tcp://127.0.0.1:${peer.port}?unit=${unit}`;
  return { urlOf, asked: () => asked, close: peer.close };
}

async function overRtu(wire: Wire) {
  let asked = 0;
  const peer = await rtuPeer((request) => {
    wire.heard += request.bytes.length;
    if (request.unit === dead) asked += 1;
    else {
      setTimeout(() => {
        const bytes = answerTo(request);
        wire.said += bytes.length;
        request.write(bytes);
      }, answerMs);
    }
  });
  const urlOf = (unit: number) => `rtu+tcp://127.0.0.1:${peer.port}?baud=115200&unit=${unit}`;
  return { urlOf, asked: () => asked, close: peer.close };
}

function zeros({ count }: { readonly count: number }): number[] {
  return new Array<number>(count * 2).fill(0);
}

/**
 * Lets time pass from one timer to the next, each when all bytes have arrived that were sent by then: what the
 * sockets take is real and takes no time of the test's.
 */
async function pass(ms: number, wire: Wire): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    await arrived(wire);
    await vi.advanceTimersToNextTimerAsync();
  }
}

/** Lets time pass until that is over, whatever is on its way. */
async function ended(ending: Promise<void>): Promise<void> {
  let isOver = false;
  const over = ending.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await turn();
    await vi.advanceTimersToNextTimerAsync();
  }
  await over;
}

async function arrived(wire: Wire): Promise<void> {
  const giveUpAt = performance.now() + 30 * second;
  // What is done with the last bytes may send others a turn or two later.
  for (let calm = 0; calm < 3; calm += 1) {
    await turn();
    if (wire.sent === wire.heard && wire.said === wire.got) continue;
    if (performance.now() > giveUpAt) throw new Error(`bytes are lost: ${JSON.stringify(wire)}`);
    calm = -1;
  }
}
