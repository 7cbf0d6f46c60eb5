import { afterEach, describe, expect, test, vi } from "vitest";
import { exceptionPdu } from "../../../tests/support/modbus-peer/answer-bytes.ts";
import {
  after,
  answersWithTheNext,
  breaksOffAfter,
  hangsUp,
  inBytes,
  misframed,
  mislabelled,
  refuses,
  resets,
  says,
  sends,
  silent,
  twice,
} from "../../../tests/support/modbus-peer/misbehaviour.ts";
import {
  answersRightly,
  type ModbusPeer,
  modbusPeer,
  type PeerOptions,
} from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour } from "../../../tests/support/modbus-peer/peer-request.ts";
import { patient } from "../../../tests/support/patient.ts";
import type { Link } from "./link.ts";
import type { ModbusFailure } from "./modbus-error.ts";
import { failureOf, manners, openedLink } from "./testing/opened-link.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const span = { kind: "holding", address: 100, count: 2 } as const;
const good = [5, 6];
/** How long is waited for what never comes, and for what does. */
const soon = 200;
const waitFor = (kind: ModbusFailure) => manners(kind === "timeout" ? soon : patient.timeout);

describe("a fault is an error that names it, the connection stays, the next request works", () => {
  test.each<[string, Behaviour, ModbusFailure, RegExp]>([
    ["no answer", silent, "timeout", /no answer within 200 ms to holding 100–101/],
    ["a wrong transaction id", mislabelled(next("transaction")), "timeout", /no answer/],
    ["a wrong unit", mislabelled(next("unit")), "timeout", /no answer/],
    ["an answer long after its time", after(soon * 3), "timeout", /no answer/],
    ["fewer registers than asked for", says(() => [3, 2, 0, 5]), "protocol", /2 of 4 bytes/],
    ["more registers", says(() => [3, 6, 0, 5, 0, 6, 0, 7]), "protocol", /6 of 4 bytes/],
    ["fewer bytes than counted", says(() => [3, 4, 0, 5]), "protocol", /2 of 4 bytes/],
    ["more bytes than counted", says(() => [3, 4, 0, 5, 0, 6, 0]), "protocol", /5 of 4 bytes/],
    ["a count that lies", says(() => [3, 9, 0, 5, 0, 6]), "protocol", /4 of 4 bytes/],
    ["another function", says(() => [4, 4, 0, 5, 0, 6]), "protocol", /function 4 answers/],
    ["an unknown function", says(() => [0x2b, 0, 0]), "protocol", /function 43 answers/],
    ["another one's refusal", says(() => exceptionPdu(2, 4)), "protocol", /function 132/],
    ["a refusal without a code", says(() => [0x83]), "protocol", /function 131/],
    ["a code that does not exist", refuses(99), "exception", /exception 99 \(unknown\)/],
  ])("%s", async (_name, fault, kind, text) => {
    const { peer, link } = await facing({ meets: [fault] });

    const error = await failureOf(link.read(span, waitFor(kind)));

    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(text);
    expect(await link.read(span, manners())).toEqual(good);
    expect([peer.connections(), link.generation()]).toEqual([1, 1]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])("exception %i", async (exception) => {
    const { peer, link } = await facing({ meets: [refuses(exception)] });

    const error = await failureOf(link.read(span, manners()));

    expect(error).toMatchObject({ kind: "exception", exception });
    expect(await link.read(span, manners())).toEqual(good);
    expect(peer.connections()).toBe(1);
  });
});

describe("a fault out of which no stream comes back: an error, and a new connection", () => {
  test.each<[string, Behaviour, ModbusFailure, RegExp]>([
    ["garbage", sends(() => Buffer.from("HTTP/1.1 400\r\n\r\n")), "protocol", /protocol id/],
    ["garbage before the answer", afterGarbage(12), "protocol", /protocol id/],
    ["a wrong protocol id", misframed({ protocol: 7 }), "protocol", /protocol id 7 instead of 0/],
    ["a length of 0xffff", misframed({ length: 0xffff }), "protocol", /length of 65535/],
    ["a length of 255", misframed({ length: 255 }), "protocol", /length of 255/],
    ["a length of 1", misframed({ length: 1 }), "protocol", /length of 1/],
    ["a length of 0", misframed({ length: 0 }), "protocol", /length of 0/],
    ["a length one too long", misframed({ length: 8 }), "timeout", /no answer/],
    ["an answer that stops half-way", breaksOffAfter(9), "timeout", /no answer/],
    ["a hang-up", hangsUp(), "connection", /the peer closed the connection/],
    ["a hang-up half-way", hangsUp({ after: 9 }), "connection", /the answer broke off/],
    ["a reset", resets, "connection", /the peer reset the connection/],
  ])("%s", async (_name, fault, kind, text) => {
    const { peer, link } = await facing({ meets: [fault] });

    const error = await failureOf(link.read(span, waitFor(kind)));

    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(text);
    await vi.waitFor(() => expect(peer.clients()).toBe(0), patient);
    expect(await link.read(span, manners())).toEqual(good);
    expect([peer.connections(), link.generation()]).toEqual([2, 2]);
  });

  test("a length too short: what is left over is not taken for the next answer's head", async () => {
    const { peer, link } = await facing({ meets: [answersRightly, misframed({ length: 5 })] });
    await link.read(span, manners());

    const error = await failureOf(link.read(span, manners()));

    expect(error.kind).toBe("protocol");
    expect(await link.read(span, manners())).toEqual(good);
    expect(peer.connections()).toBe(2);
  });

  test("two time-outs in a row without a byte", async () => {
    const { peer, link } = await facing({ meets: [silent, silent] });

    expect((await failureOf(link.read(span, manners(soon)))).kind).toBe("timeout");
    expect((await failureOf(link.read(span, manners(soon)))).kind).toBe("timeout");

    expect(await link.read(span, manners())).toEqual(good);
    expect(peer.connections()).toBe(2);
  });
});

describe("answers that are out of step for good (gateway trait 9)", () => {
  test.each<[string, Behaviour]>([
    ["of the request before", mislabelled(previous)],
    ["of another unit", mislabelled(next("unit"))],
    ["of no request", mislabelled(next("transaction"))],
  ])("%s: after three time-outs in a row a new connection", async (_name, fault) => {
    const { peer, link } = await facing({ meets: [answersRightly, fault, fault, fault] });
    await link.read(span, manners());

    for (let i = 0; i < 3; i += 1) {
      expect((await failureOf(link.read(span, manners(soon)))).kind).toBe("timeout");
    }
    await vi.waitFor(() => expect(peer.clients()).toBe(0), patient);
    expect(await link.read(span, manners())).toEqual(good);
    expect(peer.connections()).toBe(2);
  });

  test("an answer in between is a sign that the stream is sound", async () => {
    const fault = mislabelled(next("unit"));
    const meets = [fault, fault, answersRightly, fault, fault, answersRightly];
    const { peer, link } = await facing({ meets });
    const said = [];
    for (const met of meets) {
      const asked = manners(met === fault ? soon : patient.timeout);
      said.push(await link.read(span, asked).catch(() => "timeout"));
    }

    expect(said).toEqual(["timeout", "timeout", good, "timeout", "timeout", good]);
    expect(peer.connections()).toBe(1);
  });
});

describe("a fault that harms nothing (gateway trait 9)", () => {
  test.each<[string, Behaviour]>([
    ["an answer that takes its time", after(60)],
    ["one byte a segment", inBytes],
    ["an answer that comes twice", twice],
    ["an answer of somebody else's before it", both(mislabelled(next("unit")), answersRightly)],
    ["an older answer before it", both(mislabelled(previous), answersRightly)],
    ["a refusal after it", both(answersRightly, refuses(2))],
  ])("%s: the value, and the next one's", async (_name, fault) => {
    const { peer, link } = await facing({ meets: [fault] });

    expect(await link.read(span, manners())).toEqual(good);
    peer.registers.set(101, 7);
    expect(await link.read(span, manners())).toEqual([5, 7]);
    expect(peer.connections()).toBe(1);
  });

  test("a late answer together with the next one's: dropped and counted", async () => {
    const { peer, link } = await facing({ meets: answersWithTheNext() });

    expect((await failureOf(link.read(span, manners(soon)))).kind).toBe("timeout");
    expect(await link.read(span, manners())).toEqual(good);

    expect(link.figures(1)).toMatchObject({ answered: 1, timeouts: 1, late: 1 });
    expect(peer.connections()).toBe(1);
  });

  test("garbage after the answer: the next request has a connection of its own", async () => {
    const tail = sends((request) => Buffer.from([request.unit, 0xff, 0xff]));
    const { peer, link } = await facing({ meets: [both(answersRightly, tail)] });

    expect(await link.read(span, manners())).toEqual(good);
    await new Promise((resolve) => setTimeout(resolve, soon));
    expect(await link.read(span, manners())).toEqual(good);
    expect(peer.connections()).toBe(2);
  });

  test("a hang-up each third request: asked again on a new connection", async () => {
    const usual: Behaviour = (request) =>
      request.index % 3 === 2 ? hangsUp()(request) : answersRightly(request);
    const { peer, link } = await facing({ usual });

    for (let i = 0; i < 12; i += 1) expect(await link.read(span, manners())).toEqual(good);
    expect(peer.connections()).toBeGreaterThan(3);
  });
});

describe("a device that stands one client", () => {
  test("the second is told so, the first goes on, and the second has its turn after it", async () => {
    const { peer, link } = await facing({ mostClients: 1 });
    await link.read(span, manners());
    const second = linkTo(peer);

    expect((await failureOf(second.read(span, manners()))).kind).toBe("connection");
    expect(await link.read(span, manners())).toEqual(good);
    link.close();

    await vi.waitFor(async () => expect(await second.read(span, manners())).toEqual(good), patient);
  });
});

describe("units that are dead", () => {
  test.each<[string, Behaviour, ModbusFailure]>([
    ["silent", silent, "timeout"],
    ["said to be so by exception 11", refuses(11), "exception"],
  ])("%s: the others on the line are read all the same", async (_name, dead, kind) => {
    const usual: Behaviour = (request) =>
      request.unit === 2 ? dead(request) : answersRightly(request);
    const { peer, link } = await facing({ usual });

    for (let round = 0; round < 3; round += 1) {
      const failing = failureOf(link.read(span, { ...waitFor(kind), unit: 2 }));
      const reading = link.read(span, { ...manners(), unit: 1 });
      expect((await failing).kind).toBe(kind);
      expect(await reading).toEqual(good);
    }
    expect(link.figures(1)).toMatchObject({ requests: 3, answered: 3 });
    expect(peer.connections()).toBe(1);
  });
});

type Facing = PeerOptions & { readonly meets?: readonly Behaviour[] };

async function facing({ meets = [], ...options }: Facing) {
  const registers = good.map((word, i) => [span.address + i, word] as const);
  const peer = await modbusPeer({ registers, ...options });
  peer.meet(...meets);
  closing.push(() => peer.close());
  return { peer, link: linkTo(peer) };
}

function linkTo({ port }: ModbusPeer): Link {
  const link = openedLink({ port });
  closing.push(() => link.close());
  return link;
}

function next(part: "transaction" | "unit") {
  return (request: Readonly<Record<"transaction" | "unit", number>>) => ({
    [part]: request[part] + 1,
  });
}

function previous({ transaction }: { readonly transaction: number }) {
  return { transaction: transaction - 1 };
}

function both(first: Behaviour, second: Behaviour): Behaviour {
  return (request) => {
    first(request);
    second(request);
  };
}

function afterGarbage(bytes: number): Behaviour {
  return both(
    sends(() => Buffer.alloc(bytes, 0xa5)),
    answersRightly,
  );
}
