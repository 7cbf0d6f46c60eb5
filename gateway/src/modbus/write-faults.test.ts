import { afterEach, describe, expect, test, vi } from "vitest";
import {
  breaksOffAfter,
  confirms,
  hangsUp,
  obeysSilently,
  refuses,
  resets,
  says,
} from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { type ModbusPeer, modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour } from "../../../tests/support/modbus-peer/peer-request.ts";
import { patient } from "../../../tests/support/patient.ts";
import type { Link } from "./link.ts";
import type { ModbusFailure } from "./modbus-error.ts";
import { failureOf, manners, openedLink } from "./testing/opened-link.ts";
import type { WriteSpan } from "./write-request.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const two: WriteSpan = { code: 16, address: 100, words: [7, 8] };
/** How long is waited for what never comes. */
const soon = 200;

test.each<WriteSpan>([
  two,
  { code: 6, address: 101, words: [0xfffe] },
  { code: 5, address: 100, words: [1] },
  { code: 15, address: 100, words: [1, 0] },
])("function $code writes and takes the device's own confirmation", async (span) => {
  const { peer, link } = await facing();

  await link.write(span, manners());

  expect(peer.writes).toEqual([span]);
  const { address, words } = span;
  expect(words.map((_, i) => peer.registers.get(address + i))).toEqual(words);
});

describe("a write that fails is sent once, and the next request works", () => {
  test.each<[string, Behaviour, ModbusFailure, RegExp]>([
    ["another address confirmed", confirms(() => ({ address: 101 })), "echo", /101, 2 instead of/],
    ["another count confirmed", confirms(() => ({ count: 1 })), "echo", /100, 1 instead of 100, 2/],
    ["another function", says(() => [6, 0, 100, 0, 2]), "protocol", /function 6, 5 bytes/],
    ["half a confirmation", says(() => [16, 0, 100]), "protocol", /function 16, 3 bytes/],
    ["a refusal", refuses(3), "exception", /exception 3 .* to writing 7 8 to 100–101/],
    ["no answer, though it was carried out", obeysSilently, "timeout", /no answer within/],
    ["hung up on", hangsUp(), "connection", /closed the connection/],
    ["a crash", resets, "connection", /./],
    ["an answer that breaks off", breaksOffAfter(5), "timeout", /no answer/],
  ])("%s", async (_name, fault, kind, text) => {
    const { peer, link } = await facing({ meets: [fault] });

    const asked = manners(kind === "timeout" ? soon : patient.timeout);
    const error = await failureOf(link.write(two, asked));

    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(text);
    expect(peer.writes).toHaveLength(1);
    const after = { kind: "holding", address: 110, count: 1 } as const;
    await vi.waitFor(() => expect(link.read(after, manners())).resolves.toEqual([9]), patient);
    expect(peer.writes).toHaveLength(1);
  });

  test("a differing echo of one register leaves the connection as it is", async () => {
    const { peer, link } = await facing({ meets: [confirms(() => ({ words: [8] }))] });

    const error = await failureOf(link.write({ code: 6, address: 100, words: [7] }, manners()));
    await link.read({ kind: "holding", address: 110, count: 1 }, manners());

    expect(error).toMatchObject({ kind: "echo" });
    expect(peer.connections()).toBe(1);
    expect(link.figures(1)).toMatchObject({ answered: 1, broken: 1 });
  });
});

test("a device that was busy did nothing: it is told again; one at work on it is not", async () => {
  const { peer, link } = await facing({ meets: [refuses(6)] });
  const asking = { ...manners(), busyRetry: { exceptions: [5, 6], count: 2, waitMs: 1 } };

  await link.write(two, asking);
  expect(peer.writes).toHaveLength(2);

  peer.meet(refuses(5));
  expect(await failureOf(link.write(two, asking))).toMatchObject({ exception: 5 });
  expect(peer.writes).toHaveLength(3);
});

test("tells that a write is about to go out, once there is a connection for it", async () => {
  const { peer, link } = await facing();
  const seen: number[] = [];
  const onSend = () => void seen.push(peer.writes.length);
  const gone = AbortSignal.abort();

  await failureOf(link.write(two, manners(), gone, onSend));
  expect(seen).toEqual([]);
  await link.write(two, manners(), undefined, onSend);
  expect(seen).toEqual([0]);

  const unwritten = () => {
    throw new Error("the disk is full");
  };
  await expect(link.write(two, manners(), undefined, unwritten)).rejects.toThrow("disk is full");
  await link.write(two, manners());
  expect(peer.writes).toHaveLength(2);

  await peer.close();
  const lost = await failureOf(link.write(two, manners(), undefined, onSend));
  expect(lost.kind).toBe("connection");
  const refused = await failureOf(link.write(two, manners(), undefined, onSend));
  expect(refused.kind).toBe("connection");
  expect(seen.length).toBeLessThanOrEqual(2);
});

test("a write goes before the reads that wait, one write at a time (gateway trait 6)", async () => {
  const seen: string[] = [];
  const { peer, link } = await facing({ meets: [] });
  peer.meet(
    ...Array.from(
      { length: 6 },
      (): Behaviour => (request) => {
        seen.push(`${request.code} ${request.address}`);
        setTimeout(() => {
          request.obey();
          const head = Buffer.from([request.transaction >> 8, request.transaction & 0xff, 0, 0, 0]);
          const rest = [request.pdu.length + 1, request.unit, ...request.pdu];
          request.socket.write(Buffer.concat([head, Buffer.from(rest)]));
        }, 5);
      },
    ),
  );

  const reads = [100, 101, 110].map((address) =>
    link.read({ kind: "holding", address, count: 1 }, manners()),
  );
  const writes = [100, 101].map((address) =>
    link.write({ code: 6, address, words: [1] }, manners()),
  );
  await Promise.all([...reads, ...writes]);

  expect(seen.slice(0, 2)).toEqual(["3 100", "6 100"]);
  expect(seen.indexOf("6 101")).toBeLessThan(seen.indexOf("3 110"));
});

async function facing({ meets = [] }: { readonly meets?: readonly Behaviour[] } = {}): Promise<{
  peer: ModbusPeer;
  link: Link;
}> {
  const registers = [
    [100, 0],
    [101, 0],
    [110, 9],
  ] as const;
  const peer = await modbusPeer({ registers });
  closing.push(() => peer.close());
  peer.meet(...meets);
  const link = openedLink({ port: peer.port });
  closing.push(() => link.close());
  return { peer, link };
}
