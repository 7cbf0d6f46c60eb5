import { expect, onTestFinished, test } from "vitest";
import { answersRightly, modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { manners, openedLink } from "./testing/opened-link.ts";

/** A machine that is busy besides does not reach it before its peer has the request. */
const timeoutMs = 3_000;

test("an answer that came in time is heard by a program that was held up beyond its time-out", async () => {
  const peer = await modbusPeer({ registers: [[100, 7]] });
  onTestFinished(() => peer.close());
  const link = openedLink({ port: peer.port });
  onTestFinished(() => link.close());
  const span = { kind: "holding", address: 100, count: 1 } as const;
  await link.read(span, manners());
  peer.meet((request) => {
    answersRightly(request);
    // The link's program is this one: its timer is due before it comes to read.
    const end = performance.now() + timeoutMs + 100;
    while (performance.now() < end);
  });

  expect(await link.read(span, manners(timeoutMs))).toEqual([7]);
  expect(link.figures(1)).toMatchObject({ answered: 2, timeouts: 0 });
});
