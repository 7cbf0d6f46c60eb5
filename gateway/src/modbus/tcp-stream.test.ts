import { afterEach, expect, test } from "vitest";
import { inBytes } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { manners, openedLink } from "./testing/opened-link.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test("answers that come over several connections in pieces, all mixed, are each its own", async () => {
  const links = await Promise.all([1, 2, 3, 4].map(linkTo));
  const span = { kind: "holding", address: 0, count: 100 } as const;
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(links.map((link) => link.read(span, manners())));

    expect(answers.map((words) => [...new Set(words)])).toEqual([[1], [2], [3], [4]]);
  }
});

async function linkTo(word: number) {
  const registers = Array.from({ length: 100 }, (_, at) => [at, word] as const);
  const peer = await modbusPeer({ registers, usual: inBytes });
  closing.push(() => peer.close());
  const link = openedLink({ port: peer.port });
  closing.push(() => link.close());
  return link;
}
