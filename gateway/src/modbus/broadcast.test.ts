import { afterEach, describe, expect, test } from "vitest";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { failureOf, manners, openedLink } from "./testing/opened-link.ts";
import type { WriteSpan } from "./write-request.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const write: WriteSpan = { code: 6, address: 100, words: [0] };
const read = { kind: "holding", address: 100, count: 1 } as const;
const line = { connectDelayMs: 0, minRequestIntervalMs: 0 };
const toUnit = (unit: number) => ({ ...manners(), unit });

describe("a line with a logger that hands on what unit 0 is told", () => {
  test("is written to by its units alone, whoever else is bound to it", async () => {
    const { peer, link } = await facing();
    link.bind({ ...line, broadcastForbidden: true });
    link.bind(line);

    expect([link.mayWrite(0), link.mayWrite(247)]).toEqual([false, true]);
    const refused = await failureOf(link.write(write, toUnit(0)));
    expect(refused).toMatchObject({ kind: "protocol" });
    expect(refused.message).toBe(
      "writing 0 to 100 of all units at once is not allowed on this line",
    );
    expect(peer.writes).toEqual([]);
    expect(link.figures(0).requests).toBe(0);

    await link.write(write, toUnit(247));
    expect(await link.read(read, toUnit(0))).toEqual([0]);
    expect(peer.writes).toEqual([write]);
  });

  test("elsewhere unit 0 is a device like others", async () => {
    const { peer, link } = await facing();
    link.bind(line);

    await link.write(write, toUnit(0));

    expect(peer.writes).toEqual([write]);
  });
});

async function facing() {
  const peer = await modbusPeer({ registers: [[100, 7] as const] });
  closing.push(() => peer.close());
  const link = openedLink({ port: peer.port });
  closing.push(() => link.close());
  return { peer, link };
}
