import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { answerBytes, goodPdu } from "../../../tests/support/modbus-peer/answer-bytes.ts";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour } from "../../../tests/support/modbus-peer/peer-request.ts";
import type { Link, LinkParts } from "./link.ts";
import { failureOf, manners, openedLink } from "./testing/opened-link.ts";
import { put, registerServer } from "./testing/register-server.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const span = { kind: "holding", address: 100, count: 2 } as const;

describe("a link reads registers (gateway trait 8)", () => {
  test("gives the registers of both tables as they are", async () => {
    const { link, device } = await served();
    put(device.holding, 100, [1, 0xffff]);
    put(device.input, 7, [42]);

    expect(await link.read(span, manners())).toEqual([1, 0xffff]);
    expect(await link.read({ kind: "input", address: 7, count: 1 }, manners())).toEqual([42]);
  });

  test("has one request in flight at a time, whoever asks", async () => {
    let inFlight = 0;
    let most = 0;
    const { link } = await facing((request) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        request.socket.write(answerBytes(request, goodPdu([request.unit, 0])));
      }, 5);
    });

    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((unit) => link.read(span, { ...manners(), unit })),
    );

    expect(answers.map(([unit]) => unit)).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(1);
  });

  test("asks a busy device again, as often as its limits say (trait 11)", async () => {
    const { link, device } = await served();
    put(device.holding, 100, [7, 8]);
    let refusals = 2;
    device.refuse = () => (refusals-- > 0 ? 6 : undefined);
    const busyRetry = { exceptions: [5, 6], count: 2, waitMs: 1 };

    expect(await link.read(span, { ...manners(), busyRetry })).toEqual([7, 8]);
    refusals = 3;
    await expect(link.read(span, { ...manners(), busyRetry })).rejects.toMatchObject({
      kind: "exception",
      exception: 6,
    });
  });

  test("names an exception and what was asked", async () => {
    const { link } = await served();

    const error = await failureOf(link.read(span, manners()));

    expect(error).toMatchObject({ kind: "exception", exception: 2 });
    expect(error.message).toBe("exception 2 (illegal data address) to holding 100–101");
  });
});

describe("whatever bytes come", () => {
  test("the request ends with an error of ours, and the next one works", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), async (bytes) => {
        const { link, peer } = await facing((request) =>
          request.socket.write(request.index === 0 ? bytes : answerBytes(request, goodPdu([5, 6]))),
        );

        await failureOf(link.read(span, manners(20)));
        // On a slow machine the bytes may come after the time-out and spoil one request more.
        const next = () => link.read(span, manners(2_000));
        expect(await next().catch(next)).toEqual([5, 6]);
        link.close();
        await peer.close();
      }),
      { numRuns: 40 },
    );
  });

  test("they can be watched as they go and come (trait 25)", async () => {
    const seen: string[] = [];
    const { peer } = await facing((request) =>
      request.socket.write(answerBytes(request, goodPdu([5, 6]))),
    );
    const trace: LinkParts["trace"] = (direction, bytes) =>
      seen.push(`${direction} ${bytes.toString("hex")}`);

    await opened({ port: peer.port, trace }).read(span, manners());

    expect(seen).toEqual(["sent 000100000006010300640002", "got 00010000000701030400050006"]);
  });

  test("how each unit answers is counted (trait 25)", async () => {
    const { link, device } = await served();
    put(device.holding, 100, [1, 2]);
    await link.read(span, manners());
    await failureOf(link.read({ ...span, address: 900 }, manners()));

    expect(link.figures(1)).toMatchObject({
      requests: 2,
      answered: 1,
      exceptions: 1,
      lastFailure: "exception 2 (illegal data address) to holding 900–901",
    });
    expect(link.figures(2).requests).toBe(0);
  });
});

describe("a connection that breaks", () => {
  test("idle too long: the device hung up, the next request just works", async () => {
    const { link, device } = await served();
    put(device.holding, 100, [1, 2]);
    await link.read(span, manners());

    device.hangUp();

    expect(await link.read(span, manners())).toEqual([1, 2]);
    expect(device.connections).toBe(2);
  });

  test("refused: said in words, and not tried again at once", async () => {
    const device = await registerServer();
    await device.close();
    const link = opened({ port: device.port });

    const first = await failureOf(link.read(span, manners()));
    const second = await failureOf(link.read(span, manners()));

    expect(first.kind).toBe("connection");
    expect(first.message).toBe("the connection was refused");
    expect(second).toBe(first);
  });

  test("closed by us: what waits is told so", async () => {
    const { link } = await facing(() => undefined);
    const reading = failureOf(link.read(span, manners()));

    setImmediate(() => link.close());

    expect((await reading).kind).toBe("connection");
  });
});

async function served() {
  const device = await registerServer();
  closing.push(() => device.close());
  return { device, link: opened({ port: device.port }) };
}

async function facing(usual: Behaviour) {
  const peer = await modbusPeer({ usual });
  closing.push(() => peer.close());
  return { peer, link: opened({ port: peer.port }) };
}

function opened(parts: Parameters<typeof openedLink>[0]): Link {
  const link = openedLink(parts);
  closing.push(() => link.close());
  return link;
}
