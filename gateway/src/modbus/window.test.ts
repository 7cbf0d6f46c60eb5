import { afterEach, describe, expect, test } from "vitest";
import { answerBytes, exceptionPdu } from "../../../tests/support/modbus-peer/answer-bytes.ts";
import { hangsUp, silent } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { answersRightly, modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour, PeerRequest } from "../../../tests/support/modbus-peer/peer-request.ts";
import { failureOf, manners, openedLink } from "./testing/opened-link.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const addresses = [0, 1, 2, 3, 4, 5, 6, 7];

describe("a line whose devices stand several requests at once (gateway trait 8)", () => {
  test("has as many in flight as the strictest of them stands, and one where there is a pause", async () => {
    for (const [windows, pauseMs, most] of [
      [[8], 0, 8],
      [[8, 3], 0, 3],
      [[1, 8], 0, 1],
      [[8], 1, 1],
    ] as const) {
      const held: PeerRequest[] = [];
      let mostHeld = 0;
      const { link } = await facing((request) => {
        held.push(request);
        mostHeld = Math.max(mostHeld, held.length);
        setTimeout(() => held.splice(0).forEach(answersRightly), 5);
      });
      for (const window of windows) {
        link.bind({ connectDelayMs: 0, minRequestIntervalMs: pauseMs, window });
      }

      await Promise.all(addresses.map((address) => link.read(spanAt(address), manners())));

      expect([windows, pauseMs, mostHeld]).toEqual([windows, pauseMs, most]);
    }
  });

  test("each answer goes to its own request, whatever their order and segments", async () => {
    const held: PeerRequest[] = [];
    const { link } = await facing((request) => {
      held.push(request);
      if (held.length < addresses.length) return;
      const bytes = held.toReversed().map((one) => answerBytes(one, one.pdu));
      request.socket.write(Buffer.concat(bytes));
    }, 8);

    const words = await Promise.all(addresses.map((at) => link.read(spanAt(at), manners())));

    expect(words).toEqual(addresses.map((at) => [100 + at]));
  });

  test("one that is refused fails alone", async () => {
    const { link } = await facing((request) => {
      const refused = answerBytes(request, exceptionPdu(2));
      if (request.address === 3) request.socket.write(refused);
      else answersRightly(request);
    }, 8);

    const settled = await Promise.allSettled(
      addresses.map((at) => link.read(spanAt(at), manners())),
    );

    expect(settled.flatMap(({ status }, at) => (status === "rejected" ? [at] : []))).toEqual([3]);
  });

  test("one that is never answered fails alone, and the connection stays", async () => {
    const { link, peer } = await facing(
      (request) => (request.address === 3 ? silent : answersRightly)(request),
      8,
    );

    const reads = addresses.map((at) => link.read(spanAt(at), manners(at === 3 ? 200 : 30_000)));
    expect((await failureOf(reads[3] ?? Promise.resolve())).kind).toBe("timeout");
    expect((await Promise.allSettled(reads)).filter((r) => r.status === "fulfilled").length).toBe(
      7,
    );
    expect(await link.read(spanAt(0), manners())).toEqual([100]);
    expect(peer.connections()).toBe(1);
  });

  test("a window that times out together is one silence, the next one ends the connection", async () => {
    const { link, peer } = await facing(silent, 8);
    const all = () =>
      Promise.all(addresses.map((at) => failureOf(link.read(spanAt(at), manners(40)))));

    expect(new Set((await all()).map(({ kind }) => kind))).toEqual(new Set(["timeout"]));
    expect(peer.connections()).toBe(1);
    await all();
    peer.meet(answersRightly);

    expect(await link.read(spanAt(0), manners())).toEqual([100]);
    expect(peer.connections()).toBe(2);
  });

  test("a peer that hangs up with requests out: all are asked again on one new connection", async () => {
    const { link, peer } = await facing(answersRightly, 8);
    await link.read(spanAt(0), manners());
    const late: Behaviour = (request) => void setTimeout(hangsUp(), 20, request);
    peer.meet(late, ...addresses.slice(1).map(() => silent));

    const words = await Promise.all(addresses.map((at) => link.read(spanAt(at), manners())));

    expect(words).toEqual(addresses.map((at) => [100 + at]));
    expect(peer.connections()).toBe(2);
  });

  test("a stream that goes out of step: no request gets another one's words", async () => {
    const { link, peer } = await facing(answersRightly, 8);
    await link.read(spanAt(0), manners());
    peer.meet(answersRightly, (request) => void request.socket.write(Buffer.from([0xa5])));

    const settled = await Promise.allSettled(
      addresses.map((at) => link.read(spanAt(at), manners(200))),
    );

    for (const [at, result] of settled.entries()) {
      if (result.status === "fulfilled") expect(result.value).toEqual([100 + at]);
    }
    expect(await link.read(spanAt(5), manners())).toEqual([105]);
  });
});

async function facing(usual: Behaviour, window?: number) {
  const registers = addresses.map((address) => [address, 100 + address] as const);
  const peer = await modbusPeer({ registers, usual });
  closing.push(() => peer.close());
  const link = openedLink({ port: peer.port });
  closing.push(() => link.close());
  if (window) link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, window });
  return { peer, link };
}

function spanAt(address: number) {
  return { kind: "holding", address, count: 1 } as const;
}
