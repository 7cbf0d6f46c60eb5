import { afterEach, describe, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import type { Link } from "./link.ts";
import { encodeRtuFrame } from "./rtu-framing.ts";
import { failureOf, manners, openedLine } from "./testing/opened-link.ts";
import { answerTo, rightly, rtuPeer, silent, wordAt } from "./testing/rtu-peer.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Short, that a fault shows soon. A right answer later than that is asked for again. */
const shortMs = 150;
/** More than it takes, since a slow machine may miss some right answers too. */
const tries = 20;

describe("a converter that is stuck is opened anew after three requests in vain", () => {
  test("in garbage without end", async () => {
    const { link, peer } = await facing((isFirst) => (isFirst ? silent : rightly));
    const babble = setInterval(() => {
      if (peer.connections() === 1) peer.say(Buffer.from([0x5a]));
    }, 5);
    closing.push(() => clearInterval(babble));

    const { words, failures } = await askedUntilAnswered(link);

    expect(words).toEqual([wordAt(1, 7)]);
    expect(failures).toBeGreaterThan(0);
    expect(peer.connections()).toBe(2);
  });

  test("in the answers of another unit", async () => {
    const foreign = encodeRtuFrame({ unit: 4, pdu: Buffer.from([3, 2, 9, 9]) });
    const { link, peer } = await facing((isFirst) =>
      isFirst ? ({ write }) => write(foreign) : rightly,
    );

    const { words, failures } = await askedUntilAnswered(link);

    expect(words).toEqual([wordAt(1, 7)]);
    expect(failures).toBeGreaterThan(1);
    expect(peer.connections()).toBe(2);
  });

  test("but not a noisy one, whose answers come spoilt", async () => {
    const { link, peer } = await facing(() => (request) => {
      const bytes = answerTo(request);
      bytes[4] = (bytes[4] ?? 0) ^ 1;
      request.write(bytes);
    });

    for (let i = 0; i < 5; i += 1) {
      const error = await failureOf(link.read(span, manners(patient.timeout)));
      expect(error.kind).toBe("protocol");
    }
    expect(peer.connections()).toBe(1);
  });

  test("nor one of whose units but one is dead", async () => {
    const { link, peer } = await facing(() => (request) => request.unit === 1 && rightly(request));

    for (let i = 0; i < 4; i += 1) {
      const dead = failureOf(link.read(span, { ...manners(40), unit: 9 }));
      expect(await link.read(span, manners(patient.timeout))).toEqual([wordAt(1, 7)]);
      expect((await dead).kind).toBe("timeout");
    }
    expect(peer.connections()).toBe(1);
  });
});

describe("a converter that hangs up", () => {
  test("with a request out: it is told at once, and the next one gets a new connection", async () => {
    const { link, peer } = await facing((isFirst) => (isFirst ? silent : rightly));
    const reading = failureOf(link.read(span, manners(patient.timeout)));
    await vi.waitFor(() => expect(peer.requests).toHaveLength(1), patient);

    peer.hangUp();

    expect(await reading).toMatchObject({ kind: "connection" });
    expect(await link.read(span, manners())).toEqual([wordAt(1, 7)]);
    expect(peer.connections()).toBe(2);
  });

  test("after it has answered: what was out is asked once more", async () => {
    const { link, peer } = await facing(() => rightly);
    await link.read(span, manners());
    peer.meet(() => peer.hangUp());

    expect(await link.read(span, manners())).toEqual([wordAt(1, 7)]);
    expect(peer.connections()).toBe(2);
  });

  test("half-way through an answer: the half is no value, nor the next answer's head", async () => {
    const { link, peer } = await facing(() => rightly);
    await link.read(span, manners());
    peer.meet((request) => {
      request.write(answerTo(request).subarray(0, 4));
      setImmediate(peer.hangUp);
    });

    expect(await link.read(span, manners())).toEqual([wordAt(1, 7)]);
    expect(peer.connections()).toBe(2);
  });
});

const span = { kind: "holding", address: 7, count: 1 } as const;

type Behaviours = (isFirst: boolean) => (request: Parameters<typeof rightly>[0]) => unknown;

/** A line that behaves in one way on its first connection, and in another afterwards. */
async function facing(behaviour: Behaviours) {
  const peer = await rtuPeer((request) => void behaviour(peer.connections() === 1)(request));
  closing.push(() => peer.close());
  const link = openedLine({ transport: "rtu+tcp", host: "127.0.0.1", port: peer.port });
  closing.push(() => link.close());
  return { link, peer };
}

async function askedUntilAnswered(link: Link) {
  for (let failures = 0; failures < tries; failures += 1) {
    const words = await link.read(span, manners(shortMs)).catch(() => undefined);
    if (words) return { words, failures };
  }
  return { words: undefined, failures: tries };
}
