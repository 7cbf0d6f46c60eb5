import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { after } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { patient } from "../../../tests/support/patient.ts";
import { idleClose } from "./idle-close.ts";
import type { Link } from "./link.ts";
import { manners, openedLink } from "./testing/opened-link.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const span = { kind: "holding", address: 100, count: 1 } as const;
const idleMs = 80;

describe("a device that gives an idle connection up (gateway traits 8, 19)", () => {
  test("is let go before, and met again by the next request: no failure is counted", async () => {
    const { peer, link } = await facing(idleMs);
    expect(await link.read(span, manners())).toEqual([7]);
    await vi.waitFor(() => expect(peer.clients()).toBe(0), patient);

    expect(await link.read(span, manners())).toEqual([7]);

    expect(peer.connections()).toBe(2);
    expect(link.generation()).toBe(2);
    expect(link.figures(1)).toMatchObject({ requests: 2, answered: 2, broken: 0, timeouts: 0 });
  });

  test("has its time to answer, however long that is", async () => {
    const { peer, link } = await facing(idleMs);
    peer.meet(after(2 * idleMs));

    expect(await link.read(span, manners())).toEqual([7]);
    expect(peer.connections()).toBe(1);
  });

  test("has the rest after a connect, too, however long that is", async () => {
    const { peer, link } = await facing(idleMs);
    link.bind({ connectDelayMs: 3 * idleMs, minRequestIntervalMs: 0 });

    expect(await link.read(span, manners())).toEqual([7]);
    expect(peer.connections()).toBe(1);
  });

  test("of several the one with the least patience decides, and one that said nothing has all", async () => {
    const { peer, link } = await facing(undefined);
    link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, idleDisconnectMs: 60_000 });
    await link.read(span, manners());
    await wait(2 * idleMs);
    expect(peer.clients()).toBe(1);

    link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, idleDisconnectMs: idleMs });
    await link.read(span, manners());
    await vi.waitFor(() => expect(peer.clients()).toBe(0), patient);
  });
});

describe("a connection", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is kept while something is asked often enough", () => {
    const close = vi.fn();
    const idle = idleClose(() => idleMs, close);
    for (let asked = 0; asked < 5; asked += 1) {
      idle.begun();
      idle.ended();
      vi.advanceTimersByTime(idleMs - 1);
    }
    expect(close).not.toHaveBeenCalled();

    vi.advanceTimersByTime(1);
    expect(close).toHaveBeenCalledTimes(1);
  });

  test("is not idle while one of several requests is still out", () => {
    const close = vi.fn();
    const idle = idleClose(() => idleMs, close);
    idle.begun();
    idle.begun();
    idle.ended();
    vi.advanceTimersByTime(3 * idleMs);
    expect(close).not.toHaveBeenCalled();

    idle.ended();
    vi.advanceTimersByTime(idleMs);
    expect(close).toHaveBeenCalledTimes(1);
  });
});

async function facing(idleDisconnectMs: number | undefined): Promise<{
  readonly peer: Awaited<ReturnType<typeof modbusPeer>>;
  readonly link: Link;
}> {
  const peer = await modbusPeer({ registers: [[100, 7] as const] });
  closing.push(() => peer.close());
  const link = openedLink({ port: peer.port });
  closing.push(() => link.close());
  link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, idleDisconnectMs });
  return { peer, link };
}
