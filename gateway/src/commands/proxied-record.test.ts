import { drivenClock } from "@sunledger/runtime";
import { afterEach, expect, test } from "vitest";
import type { Happening } from "../polling/counters/counter-guard.ts";
import { proxiedRecord } from "./proxied-record.ts";

const noon = Date.UTC(2026, 5, 21, 12);
const minute = 60_000;
let ending = new AbortController();
afterEach(() => ending.abort());

test("a value that stood in between is on record though the old one is back", async () => {
  const { write, said, pass } = recorded();
  write({ words: [500] });
  write({ words: [0] });
  write({ words: [500] });
  await pass(minute);
  expect(said()).toEqual(["500", "0", "500"]);

  write({ words: [500] });
  await pass(minute);
  expect(said()).toEqual(["500", "0", "500"]);
});

test("no client hides what it writes elsewhere behind many places (gateway trait 22)", async () => {
  const { write, notes, pass } = recorded();
  for (let address = 0; address < 500; address += 1) write({ address });
  expect(notes).toHaveLength(500);
  for (let address = 500; address < 600; address += 1) write({ address, words: [address] });
  expect(notes).toHaveLength(501);

  await pass(minute);
  expect(notes.at(-1)).toMatchObject({
    ...{ point: "holding.599", after: "599 (99 writes to more than 500 places)" },
  });
  expect(notes).toHaveLength(502);
  await pass(minute);
  write({ address: 700 });
  expect(notes.at(-1)).toMatchObject({ point: "holding.700", after: "1" });
});

test("many places of one device take no room of another's", () => {
  const { write, notes } = recorded();
  for (let address = 0; address < 600; address += 1) write({ address });
  const before = notes.length;
  for (let address = 0; address < 10; address += 1) write({ address, tag: "INV-02" });
  expect(notes).toHaveLength(before + 10);
});

test("words that are cut say so", () => {
  const { write, said } = recorded();
  const words = Array.from({ length: 123 }, (_, i) => 10_000 + i);
  write({ words });
  expect(said()[0]).toHaveLength(200);
  expect(said()[0]).toMatch(/^10000 10001 .*…$/);
});

type Told = { readonly tag?: string; readonly address?: number; readonly words?: number[] };

function recorded() {
  ending = new AbortController();
  const clock = drivenClock(noon);
  const notes: Happening[] = [];
  const note = (_tag: string, happenings: readonly Happening[]) => void notes.push(...happenings);
  const record = proxiedRecord({ clock, note }, ending.signal);
  const line = { transport: "tcp", host: "10.0.0.11", port: 502 } as const;
  return {
    notes,
    said: () => notes.map(({ after }) => after),
    pass: (ms: number) => clock.advance(clock.now() + ms),
    write({ tag = "INV-01", address = 100, words = [1] }: Told) {
      const span = { code: 16, address, words } as const;
      record({ tag, line, unit: 1, span, client: "10.0.0.7" });
    },
  };
}
