import { afterEach, describe, expect, test } from "vitest";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { type TraceBounds, type TracedBytes, traceLine } from "./line-trace.ts";
import { manners, openedLink } from "./testing/opened-link.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe("the bytes of a line on demand (gateway trait 25)", () => {
  test("those that go and come from then on, over a connection that was there before", async () => {
    const { link, read, traced } = await opened();
    await read(7);
    const tracing = traced({ most: 2 });
    await read(8);
    await read(9);

    expect(await tracing.ended).toBe(2);
    expect(tracing.shown).toEqual([
      { direction: "sent", hex: "000200000006010300080001" },
      { direction: "got", hex: "0002000000050103020050" },
    ]);
    expect(link.figures(1).answered).toBe(3);
  });

  test("for no longer than was asked for, or until it is ended", async () => {
    const { read, traced } = await opened();
    const short = traced({ forMs: 1 });
    expect(await short.ended).toBe(0);

    const ending = new AbortController();
    const long = traced({ signal: ending.signal });
    await read(7);
    ending.abort();
    expect(await long.ended).toBe(2);
    await read(8);
    expect(long.shown).toHaveLength(2);
    expect(short.shown).toHaveLength(0);
  });

  test("a piece that is long is several, and no more of them than were asked for", async () => {
    const shown: TracedBytes[] = [];
    let got = (_bytes: Buffer) => {};
    const link = {
      watch(trace: Parameters<Parameters<typeof traceLine>[0]["watch"]>[0]) {
        got = (bytes) => trace("got", bytes);
        return () => {};
      },
    };
    const ended = traceLine(link, bounds({ most: 3 }), (piece) => shown.push(piece));
    got(Buffer.alloc(1_000, 1));
    got(Buffer.alloc(1_000, 2));

    expect(await ended).toBe(3);
    expect(shown.map(({ hex }) => hex.length)).toEqual([1_024, 976, 1_024]);
  });
});

function bounds(more: Partial<TraceBounds>): TraceBounds {
  return { forMs: 30_000, most: 100, signal: new AbortController().signal, ...more };
}

async function opened() {
  const peer = await modbusPeer({ registers: [7, 8, 9].map((at) => [at, at * 10] as const) });
  closing.push(() => peer.close());
  const link = openedLink({ port: peer.port });
  closing.push(() => link.close());
  return {
    link,
    read: (address: number) => link.read({ kind: "holding", address, count: 1 }, manners()),
    traced(more: Partial<TraceBounds>) {
      const shown: TracedBytes[] = [];
      const ended = traceLine(link, bounds(more), (piece) => shown.push(piece));
      return { shown, ended };
    },
  };
}
