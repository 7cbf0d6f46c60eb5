import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import type { Link } from "./link.ts";
import type { ReadSpan } from "./read-request.ts";
import { encodeRtuFrame } from "./rtu-framing.ts";
import { failureOf, manners, openedLine } from "./testing/opened-link.ts";
import {
  answerTo,
  lately,
  type RtuBehaviour,
  rightly,
  rtuPeer,
  silent,
  wordAt,
} from "./testing/rtu-peer.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe("a line of units behind a converter", () => {
  test("several units share it, one request at a time", async () => {
    let out = 0;
    let mostOut = 0;
    const { link } = await facing((request) => {
      out += 1;
      mostOut = Math.max(mostOut, out);
      setTimeout(() => {
        out -= 1;
        rightly(request);
      }, 5);
    });
    link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, window: 8 });

    const units = [3, 1, 2, 1, 3];
    const words = await Promise.all(units.map((unit) => link.read(at(7, 2), asked(unit))));

    expect(words).toEqual(units.map((unit) => [wordAt(unit, 7), wordAt(unit, 8)]));
    expect(mostOut).toBe(1);
  });

  test("bits come as bits, refusals as refusals", async () => {
    const { link, peer } = await facing();

    expect(await link.read({ kind: "coil", address: 0, count: 10 }, asked(1))).toEqual([
      ...[1, 0, 1, 0, 1, 0, 1, 0, 1, 0],
    ]);
    peer.meet(({ unit, write }) => write(encodeRtuFrame({ unit, pdu: Buffer.from([0x83, 2]) })));
    expect(await failureOf(link.read(at(0), asked(1)))).toMatchObject({ exception: 2 });
  });

  test("the broadcast is never sent", async () => {
    const { link, peer } = await facing();

    expect((await failureOf(link.read(at(0), asked(0)))).kind).toBe("protocol");
    expect(peer.requests).toEqual([]);
  });

  test("a dead unit costs the live ones nothing but its time, and the line stays open", async () => {
    const { link, peer } = await facing((request) => request.unit !== 9 && rightly(request));

    for (let i = 0; i < 3; i += 1) {
      const dead = failureOf(link.read(at(0), asked(9, 40)));
      expect(await link.read(at(i), asked(2))).toEqual([wordAt(2, i)]);
      expect((await dead).kind).toBe("timeout");
    }
    expect(peer.connections()).toBe(1);
  });

  test("a line on which all keep silent is opened anew", async () => {
    const { link, peer } = await facing(silent);

    await failureOf(link.read(at(0), asked(1, 20)));
    await failureOf(link.read(at(0), asked(1, 20)));
    peer.meet(rightly, rightly);

    expect(await link.read(at(5), asked(1))).toEqual([wordAt(1, 5)]);
    expect(peer.connections()).toBe(2);
  });
});

describe("bytes that are not as they should be", () => {
  const spoilt = (request: Parameters<RtuBehaviour>[0]) => {
    const bytes = answerTo(request);
    bytes[4] = (bytes[4] ?? 0) ^ 1;
    return bytes;
  };

  test("a wrong checksum is no value: it is asked once more, and counted", async () => {
    const { link, peer } = await facing();
    peer.meet((request) => request.write(spoilt(request)));

    expect(await link.read(at(6), asked(1))).toEqual([wordAt(1, 6)]);
    expect(link.figures(1)).toMatchObject({ retried: 1, broken: 1, answered: 1 });
  });

  test("a line that spoils everything is asked twice once, and not again until it answers", async () => {
    let isNoisy = true;
    const { link } = await facing((request) =>
      isNoisy ? request.write(spoilt(request)) : rightly(request),
    );

    for (let i = 0; i < 4; i += 1) {
      expect((await failureOf(link.read(at(i), asked(1)))).kind).toBe("protocol");
    }
    expect(link.figures(1)).toMatchObject({ retried: 1, broken: 5 });

    isNoisy = false;
    expect(await link.read(at(9), asked(1))).toEqual([wordAt(1, 9)]);
    isNoisy = true;
    await failureOf(link.read(at(9), asked(1)));
    expect(link.figures(1).retried).toBe(2);
  });

  test("a wrong checksum that comes twice is said before the time-out", async () => {
    const { link, peer } = await facing();
    const noise: RtuBehaviour = (request) => request.write(spoilt(request));
    peer.meet(noise, noise);

    const error = await failureOf(link.read(at(0), asked(1)));

    expect(error.kind).toBe("protocol");
    expect(error.message).toContain("wrong checksum");
    expect(await link.read(at(1), asked(1))).toEqual([wordAt(1, 1)]);
  });

  test.each([
    ["zeros", Buffer.alloc(3)],
    ["the head of a long answer", Buffer.from([1, 3, 250])],
    ["the head of this answer", Buffer.from([1, 3, 2])],
    ["another unit's answer", encodeRtuFrame({ unit: 4, pdu: Buffer.from([3, 2, 9, 9]) })],
    [
      "an answer of another length",
      encodeRtuFrame({ unit: 1, pdu: Buffer.from([3, 4, 9, 9, 9, 9]) }),
    ],
    ["an answer of another function", encodeRtuFrame({ unit: 1, pdu: Buffer.from([4, 2, 9, 9]) })],
  ])("%s before the answer is stepped over", async (_, garbage) => {
    const { link, peer } = await facing();
    peer.meet((request) => request.write(Buffer.concat([garbage, answerTo(request)])));

    expect(await link.read(at(6), asked(1))).toEqual([wordAt(1, 6)]);
  });

  test("what came unasked is dropped before the request, be it the very answer's shape", async () => {
    const { link, peer } = await facing();
    await link.read(at(0), asked(1));
    const came = new Promise<void>((resolve) => {
      link.watch((direction) => direction === "got" && resolve());
    });
    peer.say(encodeRtuFrame({ unit: 1, pdu: Buffer.from([3, 2, 9, 9]) }));

    await came;
    // A process that stalled runs what is due before it reads what has come.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await link.read(at(6), asked(1))).toEqual([wordAt(1, 6)]);
  });

  test("an answer that breaks off fails, and the next one is read", async () => {
    const { link, peer } = await facing();
    peer.meet((request) => request.write(answerTo(request).subarray(0, 5)));

    expect((await failureOf(link.read(at(0), asked(1, 60)))).kind).toBe("timeout");
    expect(await link.read(at(1), asked(1))).toEqual([wordAt(1, 1)]);
  });

  test("an answer in single bytes with pauses is one answer", async () => {
    const { link, peer } = await facing();
    peer.meet(async (request) => {
      for (const byte of answerTo(request)) {
        request.write(Buffer.from([byte]));
        await wait(8);
      }
    });

    expect(await link.read(at(3, 2), asked(1))).toEqual([wordAt(1, 3), wordAt(1, 4)]);
  });

  test.each([
    ["holding", { kind: "holding", address: 0x0200, count: 1 }, [wordAt(1, 0x0200)]],
    // Its request is, byte by byte, a well-formed answer of three bytes.
    [
      "coils",
      { kind: "coil", address: 0x0314, count: 20 },
      Array.from({ length: 20 }, (_, i) => (i + 1) % 2),
    ],
  ] as const)("the echo of a request for %s is never its answer", async (_, span, right) => {
    const { link, peer } = await facing();
    const echoing: RtuBehaviour = async (request) => {
      request.write(request.bytes.subarray(0, 3));
      await wait(5);
      request.write(request.bytes.subarray(3));
      await wait(15);
      rightly(request);
    };
    peer.meet(echoing, echoing);

    expect(await link.read(span, asked(1))).toEqual(right);
    expect(await link.read(span, asked(1))).toEqual(right);
  });
});

describe("an answer that comes after its time-out is never another one's (gateway trait 9)", () => {
  test.each([10, 30, 60, 90, 150, 250])("by %i ms, before reads of the same shape", async (ms) => {
    // What a unit is asked meanwhile it answers afterwards, as fast as it can.
    let busy: Promise<unknown> | undefined;
    const { link, peer } = await facing((request) => {
      busy = (busy ?? wait(40 + ms)).then(() => rightly(request));
    });

    expect((await failureOf(link.read(at(0), asked(1, 20)))).kind).toBe("timeout");
    for (let i = 1; i <= 6; i += 1) {
      expect(await link.read(at(i), asked(1))).toEqual([wordAt(1, i)]);
    }
    expect(peer.connections()).toBe(1);
  });

  test("a slow device that answers everything late, in order", async () => {
    let busy: Promise<unknown> = Promise.resolve();
    const { link } = await facing((request) => {
      busy = busy.then(() => wait(70)).then(() => rightly(request));
    });

    for (let i = 0; i < 25; i += 1) {
      const words = await link.read(at(i), asked(1, 20)).catch(() => undefined);
      if (words) expect(words).toEqual([wordAt(1, i)]);
    }
    // It is heard in the end: its time-out grows with what comes late.
    expect(link.figures(1)).toMatchObject({ late: expect.any(Number) });
    expect(link.figures(1).late).toBeGreaterThan(0);
    expect(await link.read(at(30), asked(1))).toEqual([wordAt(1, 30)]);
  });

  test("one that a converter passes on to the next connection", async () => {
    const { link, peer } = await facing();
    peer.meet(silent, silent);
    await failureOf(link.read(at(0), asked(1, 20)));
    await failureOf(link.read(at(1), asked(1, 20)));
    const [first] = peer.requests;
    peer.meet((request) => {
      if (first) peer.say(answerTo(first));
      setTimeout(rightly, 30, request);
    });

    expect(await link.read(at(2), asked(1))).toEqual([wordAt(1, 2)]);
    expect(peer.connections()).toBe(2);
  });

  test("one that comes after what was taken for it, spoilt", async () => {
    const { link, peer } = await facing();
    // In order: what is asked once more is answered behind the answer that was owed.
    peer.meet((request) => {
      request.write(Buffer.from([1, 3, 2, 0, 0, 0, 0]));
      setTimeout(rightly, 150, request);
    }, lately(170));

    expect(await link.read(at(4), asked(1))).toEqual([wordAt(1, 4)]);
    expect(link.figures(1)).toMatchObject({ retried: 1, late: 1 });
    expect(await link.read(at(1), asked(1))).toEqual([wordAt(1, 1)]);
  });

  test("a late refusal is not the refusal of the next request", async () => {
    const { link, peer } = await facing();
    peer.meet(({ unit, write }) => {
      setTimeout(write, 200, encodeRtuFrame({ unit, pdu: Buffer.from([0x83, 2]) }));
    });

    await failureOf(link.read(at(0), asked(1, 20)));
    peer.meet(lately(220));
    expect(await link.read(at(1), asked(1))).toEqual([wordAt(1, 1)]);
  });

  test("other units are asked at once meanwhile", async () => {
    const { link, peer } = await facing();
    peer.meet(lately(150));

    await failureOf(link.read(at(0), asked(1, 20)));
    expect(await link.read(at(0), asked(2))).toEqual([wordAt(2, 0)]);
    expect(peer.requests.map(({ unit }) => unit)).toEqual([1, 2]);
    await vi.waitFor(() => expect(link.figures(1).late).toBe(1), patient);
    expect(await link.read(at(4), asked(1))).toEqual([wordAt(1, 4)]);
    // The late answer has come meanwhile: nothing is owed, so nothing was asked besides.
    expect(peer.requests.length).toBe(3);
    expect(link.figures(1).late).toBe(1);
  });
});

async function facing(usual?: RtuBehaviour) {
  const peer = await rtuPeer(usual);
  closing.push(() => peer.close());
  const link: Link = openedLine({ transport: "rtu+tcp", host: "127.0.0.1", port: peer.port });
  closing.push(() => link.close());
  return { peer, link };
}

function at(address: number, count = 1): ReadSpan {
  return { kind: "holding", address, count };
}

function asked(unit: number, responseTimeoutMs: number = patient.timeout) {
  return { ...manners(responseTimeoutMs), unit };
}
