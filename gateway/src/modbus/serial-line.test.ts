import type { SerialLine } from "@sunledger/model/line-address";
import { afterEach, describe, expect, test } from "vitest";
import { failureOf, manners, openedLine } from "./testing/opened-link.ts";
import { hasPtys, ptyPair } from "./testing/pty-pair.ts";
import { lately, rightly, serialRtuPeer, wordAt } from "./testing/rtu-peer.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const span = (address: number) => ({ kind: "holding", address, count: 2 }) as const;
const asked = (unit: number, responseTimeoutMs = 30_000) => ({
  ...manners(responseTimeoutMs),
  unit,
});

test("a port that is not there is named", async () => {
  const link = openedLine(lineAt("/dev/ttyNone7"));

  const error = await failureOf(link.read(span(0), asked(1)));

  expect(error).toMatchObject({ kind: "connection" });
  expect(error.message).toBe("there is no serial port /dev/ttyNone7");
  link.close();
});

describe.runIf(hasPtys || process.env.CI === "true")("a serial line", () => {
  test("units share it, with a dead one among them", async () => {
    const { link, peer } = await facing();
    peer.meet(({ unit, ...request }) => unit !== 9 && rightly({ unit, ...request }));

    const dead = failureOf(link.read(span(0), asked(9, 40)));
    const words = await Promise.all([5, 2, 5].map((unit) => link.read(span(unit), asked(unit))));

    expect((await dead).kind).toBe("timeout");
    expect(words).toEqual([5, 2, 5].map((unit) => [wordAt(unit, unit), wordAt(unit, unit + 1)]));
  });

  test("a late answer is not the next one's, and the line goes on", async () => {
    const { link, peer } = await facing();
    peer.meet(lately(130));

    expect((await failureOf(link.read(span(0), asked(1, 30)))).kind).toBe("timeout");
    for (const address of [1, 2, 3]) {
      expect(await link.read(span(address), asked(1))).toEqual([
        wordAt(1, address),
        wordAt(1, address + 1),
      ]);
    }
  });

  test("is opened anew when all keep silent, and lost when it is gone", async () => {
    const { link, peer, pair } = await facing();
    const silent = () => undefined;
    peer.meet(silent, silent);
    await failureOf(link.read(span(0), asked(1, 20)));
    await failureOf(link.read(span(0), asked(1, 20)));

    expect(await link.read(span(4), asked(1))).toEqual([wordAt(1, 4), wordAt(1, 5)]);
    expect(link.generation()).toBe(2);

    await peer.close();
    await pair.close();
    expect((await failureOf(link.read(span(0), asked(1)))).kind).toBe("connection");
  });
});

async function facing() {
  const pair = await ptyPair();
  closing.push(() => pair.close());
  const peer = await serialRtuPeer(pair.theirs);
  closing.push(() => peer.close());
  const link = openedLine(lineAt(pair.ours));
  closing.push(() => link.close());
  return { link, peer, pair };
}

function lineAt(path: string): SerialLine {
  return { transport: "serial", path, baud: 9_600, parity: "none", stopBits: 1 };
}
