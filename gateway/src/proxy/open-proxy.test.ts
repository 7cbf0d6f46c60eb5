import { systemClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test, vi } from "vitest";
import { freePorts } from "../../../tests/support/free-ports.ts";
import {
  after,
  hangsUp,
  refuses,
  silent,
} from "../../../tests/support/modbus-peer/misbehaviour.ts";
import {
  answersRightly,
  type ModbusPeer,
  modbusPeer,
  type PeerOptions,
} from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour, PeerRequest } from "../../../tests/support/modbus-peer/peer-request.ts";
import { patient } from "../../../tests/support/patient.ts";
import { seed, thorough } from "../../../tests/support/thoroughness.ts";
import type { Link } from "../modbus/link.ts";
import { manners, openedLink } from "../modbus/testing/opened-link.ts";
import { randomFrame, randomFrom, randomStream } from "../modbus/testing/random-modbus.ts";
import { openProxy, type ProxyParts } from "./open-proxy.ts";
import { type ProxyTestClient, proxyTestClient } from "./testing/proxy-client.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const readTwo = [3, 0, 100, 0, 2];
const two = [3, 4, 0, 5, 0, 6];
const span = { kind: "holding", address: 100, count: 2 } as const;
const polled = { kind: "holding", address: 101, count: 1 } as const;

describe("a proxy (gateway trait 19)", () => {
  test("reads a device of one client for several, over the one connection of its polls", async () => {
    const { peer, link, client } = await proxied({ peer: { mostClients: 1 } });
    const other = await client();
    const first = await client();

    expect(await link.read(span, manners())).toEqual([5, 6]);
    expect(await Promise.all([first.ask(readTwo), other.ask(readTwo)])).toEqual([two, two]);
    expect(await other.ask([4, 0, 100, 0, 1])).toEqual([4, 2, 0, 5]);
    expect(peer.connections()).toBe(1);
  });

  test("passes on what the device itself refuses", async () => {
    const { peer, client } = await proxied();
    const one = await client();

    expect(await one.ask([3, 0, 7, 0, 1])).toEqual([0x83, 2]);
    peer.meet(refuses(4));
    expect(await one.ask(readTwo)).toEqual([0x83, 4]);
  });

  test.each<[string, readonly number[], readonly number[]]>([
    ["a function that no read has", [0x2b, 14, 1, 0], [0xab, 1]],
    ["a write, which is off", [6, 0, 100, 0, 9], [0x86, 1]],
    ["writes of several, which are off", [16, 0, 100, 0, 1, 2, 0, 9], [0x90, 1]],
    ["no registers", [3, 0, 100, 0, 0], [0x83, 3]],
    ["more registers than an answer holds", [3, 0, 0, 0, 126], [0x83, 3]],
    ["registers behind the last one", [4, 255, 255, 0, 2], [0x84, 2]],
    ["a request cut short", [3, 0, 100, 0], [0x83, 3]],
    ["a request that is too long", [3, 0, 100, 0, 2, 7], [0x83, 3]],
    ["an empty function", [0], [0x80, 1]],
  ])("answers %s as the standard says, and asks the device nothing", async (_name, pdu, answer) => {
    const { peer, client } = await proxied();
    peer.meet(silent);
    const one = await client();

    expect(await one.ask(pdu)).toEqual(answer);
    expect(peer.connections()).toBe(0);
  });

  test("writes to no unit 0 where a profile of the line forbids to tell all at once", async () => {
    const { peer, link, client } = await proxied({ mayWrite: true, units: [0, 1] });
    link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, broadcastForbidden: true });
    const one = await client();

    expect(await one.ask([6, 0, 100, 0, 9], 0)).toEqual([0x86, 1]);
    expect(await one.ask(readTwo, 0)).toEqual(two);
    expect(await one.ask([6, 0, 100, 0, 9], 1)).toEqual([6, 0, 100, 0, 9]);
    expect(peer.writes).toHaveLength(1);
  });

  test("writes where that is allowed, and confirms what the device has confirmed", async () => {
    const { peer, client } = await proxied({ mayWrite: true });
    const one = await client();

    expect(await one.ask([6, 0, 100, 0, 9])).toEqual([6, 0, 100, 0, 9]);
    expect(await one.ask([16, 0, 100, 0, 2, 4, 0, 7, 0, 8])).toEqual([16, 0, 100, 0, 2]);
    expect(await one.ask(readTwo)).toEqual([3, 4, 0, 7, 0, 8]);
    expect(await one.ask([16, 0, 100, 0, 2, 2, 0, 7])).toEqual([0x90, 3]);
    expect(await one.ask([5, 0, 100, 0, 1])).toEqual([0x85, 3]);
    expect(await one.ask([22, 0, 4, 0, 0, 0, 1])).toEqual([0x96, 1]);
    expect(peer.writes.map(({ code }) => code)).toEqual([6, 16]);
  });

  test("is busy for what is not to be written now, and says who asked", async () => {
    const asked: unknown[] = [];
    const letWrite = async (write: unknown) => asked.push(write) === 0;
    const { peer, client } = await proxied({ letWrite });
    const one = await client();

    expect(await one.ask([6, 0, 100, 0, 9])).toEqual([0x86, 6]);
    expect(asked).toEqual([
      { unit: 1, client: "127.0.0.1", span: { code: 6, address: 100, words: [9] } },
    ]);
    expect(peer.writes).toEqual([]);
    expect(await one.ask(readTwo)).toEqual(two);
  });

  test("knows no unit but those it is for", async () => {
    const { client } = await proxied();
    const one = await client();

    expect(await one.ask(readTwo, 2)).toEqual([0x83, 10]);
    expect(await one.ask(readTwo, 1)).toEqual(two);
  });

  test("says that the device is not to be reached, and leaves it alone for a while", async () => {
    let met = 0;
    const usual: Behaviour = (request) => {
      met += 1;
      answersRightly(request);
    };
    // It is left alone for four times as long as its silence was waited for.
    const { peer, client } = await proxied({ peer: { usual }, responseMs: 500 });
    const one = await client();
    peer.meet(silent);

    expect(await one.ask(readTwo)).toEqual([0x83, 11]);
    expect(await one.ask(readTwo)).toEqual([0x83, 11]);
    expect(met).toBe(0);
    await vi.waitFor(async () => expect(await one.ask(readTwo)).toEqual(two), patient);

    peer.meet(hangsUp(), hangsUp());
    expect(await one.ask(readTwo)).toEqual([0x83, 11]);
  });

  test("lets polls go first", async () => {
    const met: string[] = [];
    let held: PeerRequest | undefined;
    const usual: Behaviour = (request) => {
      met.push(request.address === polled.address ? "poll" : "proxied");
      if (held) return answersRightly(request);
      held = request;
    };
    const { link, client } = await proxied({ peer: { usual } });
    const clients = await Promise.all([client(), client(), client()]);
    const asked = clients.map((one) => one.ask(readTwo));
    await vi.waitFor(() => expect(met).toEqual(["proxied"]), patient);
    // What is refused at once has come behind what waits.
    for (const one of clients) expect(await one.ask(readTwo, 2)).toEqual([0x83, 10]);

    const polls = (async () => {
      for (let n = 0; n < 4; n += 1) await link.read(polled, manners());
    })();
    if (held) answersRightly(held);
    await Promise.all([polls, ...asked]);
    // The one that was out already ends first.
    expect(met).toEqual(["proxied", "poll", "poll", "poll", "poll", "proxied", "proxied"]);
  });

  test("is fair among clients, and tells who asks for too much that the device is busy", async () => {
    const { client } = await proxied({ peer: { usual: after(10) } });
    const [greedy, modest] = [await client(), await client()];
    const order: string[] = [];
    const much = Array.from({ length: 20 }, () =>
      greedy.ask(readTwo).then((pdu) => {
        order.push("greedy");
        return pdu;
      }),
    );
    const little = modest.ask(readTwo).then(() => order.push("modest"));

    const answers = await Promise.all(much);
    await little;
    expect(answers.filter(([, code]) => code === 6).length).toBeGreaterThanOrEqual(11);
    expect(answers.filter((pdu) => pdu.length === two.length).length).toBeGreaterThanOrEqual(8);
    const refused = answers.filter(([, code]) => code === 6).length;
    expect(order.indexOf("modest") - refused).toBeLessThanOrEqual(2);
  });

  test("is not held up by a client that reads no answers, nor by one that stops in a frame", async () => {
    const { client } = await proxied();
    const [deaf, halting, good] = [await client(), await client(), await client()];
    deaf.pause();
    halting.send(Buffer.from([0, 1, 0, 0, 0, 6, 1, 3]));
    const long = [3, 0, 0, 0, 126];
    const frame = Buffer.from([0, 1, 0, 0, 0, 6, 1, ...long]);
    for (let n = 0; n < 200; n += 1) deaf.send(Buffer.concat(Array(1_000).fill(frame)));

    for (let n = 0; n < 20; n += 1) expect(await good.ask(readTwo)).toEqual(two);
  }, 30_000);

  test("hangs up on who sends what is no frame, and serves the others", async () => {
    const { client } = await proxied();
    for (const bytes of ["00010001000601030064000 2", "000100000000", "0001 0000 ffff 01"]) {
      const bad = await client();
      bad.send(Buffer.from(bytes.replaceAll(" ", ""), "hex"));
      await bad.closed;
    }

    expect(await (await client()).ask(readTwo)).toEqual(two);
  });

  test("takes no more clients than a device is good for, and those after others have gone", async () => {
    const { client } = await proxied();
    const all: ProxyTestClient[] = [];
    for (let n = 0; n < 16; n += 1) all.push(await client());
    const seventeenth = await client();
    await seventeenth.closed;

    all[0]?.close();
    await vi.waitFor(async () => expect(await (await client()).ask(readTwo)).toEqual(two), patient);
    expect(await all[15]?.ask(readTwo)).toEqual(two);
  });

  test("survives whatever bytes, and never gives a client a wrong value", async () => {
    const { client, link } = await proxied();
    const random = randomFrom(seed);
    const good = await client();
    for (let n = 0; n < thorough(2_000, 200); n += 1) {
      const bad = await client();
      bad.send(n % 2 === 0 ? randomStream(random) : randomFrame(random));
      if (n % 10 === 0) expect(await good.ask(readTwo)).toEqual(two);
      if (n % 25 === 0) expect(await link.read(span, manners())).toEqual([5, 6]);
      bad.close();
    }
  }, 60_000);

  test("forgets what clients wanted that have gone", async () => {
    const met: PeerRequest[] = [];
    const usual: Behaviour = (request) => {
      met.push(request);
      if (met.length > 1) answersRightly(request);
    };
    const { client } = await proxied({ peer: { usual } });
    const leaving = await client();
    const asked = Array.from({ length: 8 }, () => leaving.ask(readTwo).catch(() => "gone"));
    await vi.waitFor(() => expect(met).toHaveLength(1), patient);
    leaving.close();
    expect(await Promise.all(asked)).toEqual(Array(8).fill("gone"));

    const staying = await client();
    expect(await staying.ask(readTwo, 2)).toEqual([0x83, 10]);
    for (const request of met) answersRightly(request);
    expect(await staying.ask(readTwo)).toEqual(two);
    expect(met).toHaveLength(2);
  });
});

type Setting = Pick<ProxyParts, "letWrite"> & {
  readonly mayWrite?: boolean;
  readonly responseMs?: number;
  readonly peer?: PeerOptions;
  readonly units?: readonly number[];
};

async function proxied({
  peer: options,
  mayWrite = false,
  letWrite,
  units = [1],
  responseMs = 10_000,
}: Setting = {}): Promise<{
  peer: ModbusPeer;
  link: Link;
  client: () => Promise<ProxyTestClient>;
}> {
  const registers = [[100, 5] as const, [101, 6] as const];
  const peer = await modbusPeer({ registers, ...options });
  closing.push(() => peer.close());
  const link = openedLink({ port: peer.port });
  closing.push(() => link.close());
  const port = await freePorts(1);
  const proxy = await openProxy({
    listen: { host: "127.0.0.1", port },
    link,
    manners: manners(responseMs),
    units: new Set(units),
    ...(mayWrite && { letWrite: (_, tell) => tell(() => undefined).then(() => true) }),
    ...(letWrite && { letWrite }),
    clock: systemClock(),
  });
  closing.push(() => proxy.close());
  const client = async () => {
    const one = await proxyTestClient(port);
    closing.push(() => one.close());
    return one;
  };
  return { peer, link, client };
}
