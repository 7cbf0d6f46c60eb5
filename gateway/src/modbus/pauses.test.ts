import { type Clock, systemClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test, vi } from "vitest";
import { refuses, silent } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { patient } from "../../../tests/support/patient.ts";
import type { LineManners } from "./line-manners.ts";
import { openLink } from "./link.ts";
import { manners } from "./testing/opened-link.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const span = { kind: "holding", address: 7, count: 1 } as const;
const quiet = () => undefined;

describe("a device that wants its time (gateway trait 8)", () => {
  test("is asked nothing on a new connection before its delay is over", async () => {
    const { link, peer, pauses, seen } = await facing({ connectDelayMs: 700 });
    const reading = link.read(span, manners(patient.timeout));

    await vi.waitFor(() => expect(pauses).toHaveLength(1), patient);
    expect(pauses[0]?.ms).toBe(700);
    // Connected, and whatever is sent now would be there in a few turns.
    await vi.waitFor(() => expect(peer.connections()).toBe(1), patient);
    await turns();
    expect(seen()).toBe(0);

    pauses[0]?.end();
    expect(await reading).toEqual([107]);
    expect(seen()).toBe(1);
  });

  test.each([
    ["an answer", undefined],
    ["a refusal", refuses(2)],
    ["silence", silent],
  ])("is left alone for its pause after %s", async (_, behaviour) => {
    const { link, peer, pauses, seen } = await facing({ minRequestIntervalMs: 300 });
    if (behaviour) peer.meet(behaviour);
    const first = link.read(span, manners(behaviour === silent ? 60 : patient.timeout));
    await vi.waitFor(() => expect(pauses.map(({ ms }) => ms)).toContain(0), patient);
    for (const { end } of pauses.splice(0)) end();
    await first.catch(quiet);

    const next = link.read(span, manners(patient.timeout));
    await vi.waitFor(() => expect(pauses.map(({ ms }) => ms)).toEqual([300]), patient);
    await turns();
    expect(seen()).toBe(1);

    pauses[0]?.end();
    expect(await next).toEqual([107]);
    expect(seen()).toBe(2);
  });
});

/** A link whose pauses end when the test says so. */
async function facing(wanted: Partial<LineManners>) {
  let requests = 0;
  const peer = await modbusPeer({ registers: [[7, 107]] });
  closing.push(() => peer.close());
  const pauses: { ms: number; end: () => void }[] = [];
  const clock: Clock = {
    ...systemClock(),
    pause: (ms) => new Promise((end) => void pauses.push({ ms, end })),
  };
  const link = openLink({
    address: { transport: "tcp", host: "127.0.0.1", port: peer.port },
    clock,
    log: { debug: quiet, info: quiet, warn: quiet },
    trace: (direction) => {
      if (direction === "sent") requests += 1;
    },
  });
  closing.push(() => link.close());
  link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, ...wanted });
  return { link, peer, pauses, seen: () => requests };
}

/** What is under way and waits for nobody is done. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
