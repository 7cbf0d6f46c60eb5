import { drivenClock } from "@sunledger/runtime";
import { describe, expect, test } from "vitest";
import { intake } from "./intake.ts";

const pace = drivenClock(0);
const message = (text: string, gateway = "roof-17") => ({ gateway, payload: Buffer.from(text) });

describe("intake", () => {
  test("hands out in the order of arrival, also what was put back", () => {
    const waiting = intake({ mostBytes: 100, mostMessages: 10 }, pace);
    for (const text of ["a", "b", "c"]) waiting.offer(message(text));
    const first = waiting.take();
    expect(first).toEqual(message("a"));
    if (first) waiting.putBack(first);

    expect(drain(waiting)).toEqual(["a", "b", "c"]);
    expect([waiting.size, waiting.bytes]).toEqual([0, 0]);
  });

  test("is bounded by messages and by bytes (D-8)", () => {
    const few = intake({ mostBytes: 1_000, mostMessages: 2 }, pace);
    expect(["a", "b", "c"].map((text) => few.offer(message(text)))).toEqual([0, 0, 1]);

    const small = intake({ mostBytes: 5, mostMessages: 10 }, pace);
    expect(small.offer(message("1234"))).toBe(0);
    expect(small.offer(message("56"))).toBe(1);
    small.take();
    expect(small.offer(message("56"))).toBe(0);
  });

  test("serves gateways in turn, so a backlog never keeps another's live frames waiting (D-3)", () => {
    const waiting = intake({ mostBytes: 1_000, mostMessages: 100 }, pace);
    for (const text of ["a1", "a2", "a3", "a4"]) waiting.offer(message(text, "roof-a"));
    for (const text of ["b1", "b2"]) waiting.offer(message(text, "roof-b"));

    expect(drain(waiting)).toEqual(["a1", "b1", "a2", "b2", "a3", "a4"]);
  });

  test("makes room for a gateway with little waiting at the cost of the one with most", () => {
    const waiting = intake({ mostBytes: 1_000, mostMessages: 4 }, pace);
    for (const text of ["a1", "a2", "a3", "a4"]) waiting.offer(message(text, "roof-a"));

    expect(waiting.offer(message("b1", "roof-b"))).toBe(1);
    expect(waiting.offer(message("a5", "roof-a"))).toBe(1);
    expect(drain(waiting)).toEqual(["a1", "b1", "a2", "a3"]);
  });

  test("knows since when the oldest message waits, whoever sent it and also when it was put back", async () => {
    const clock = drivenClock(0);
    const waiting = intake({ mostBytes: 1_000, mostMessages: 10 }, clock);
    expect(waiting.oldestAt).toBeUndefined();
    waiting.offer(message("a", "roof-a"));
    await clock.advance(1_000);
    waiting.offer(message("b", "roof-b"));
    expect(waiting.oldestAt).toBe(0);

    const first = waiting.take();
    expect(waiting.oldestAt).toBe(1_000);
    if (first) waiting.putBack(first);
    expect(waiting.oldestAt).toBe(0);
  });

  test("keeps its order over many thousands", () => {
    const waiting = intake({ mostBytes: 1e9, mostMessages: 1e6 }, pace);
    const out: string[] = [];
    for (let i = 0; i < 5_000; i += 1) {
      waiting.offer(message(`${i}`));
      if (i % 3 !== 0) out.push(Buffer.from(waiting.take()?.payload ?? []).toString());
    }
    out.push(...drain(waiting));
    expect(out).toEqual(Array.from({ length: 5_000 }, (_, i) => `${i}`));
  });
});

function drain(waiting: ReturnType<typeof intake>): string[] {
  const out: string[] = [];
  for (let next = waiting.take(); next; next = waiting.take()) {
    out.push(Buffer.from(next.payload).toString());
  }
  return out;
}
