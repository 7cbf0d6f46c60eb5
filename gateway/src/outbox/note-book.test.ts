import { expect, test } from "vitest";
import { noteBook } from "./note-book.ts";

const now = Date.UTC(2026, 5, 1);

test("what was noted goes to disk no earlier than its frame, and not without what was noted before", () => {
  const { book, say } = opened();
  say("INV-01", 1);
  say("INV-02", 2);
  say("INV-01", 3);

  expect(memoriesIn(book.take(2))).toEqual({ "INV-01": 1, "INV-02": 2 });
  expect(book.isWaiting()).toBe(true);
  expect(memoriesIn(book.take(3))).toEqual({ "INV-01": 3 });
  expect(book.isWaiting()).toBe(false);
});

test("what could not be written goes first, and is overtaken by newer words", () => {
  const { book, say } = opened();
  say("INV-01", 1);
  const taken = book.take(1);
  say("INV-01", 2);
  book.putBack(taken);

  expect(memoriesIn(book.take(1))).toEqual({ "INV-01": 1 });
  expect(memoriesIn(book.take(Number.POSITIVE_INFINITY))).toEqual({ "INV-01": 2 });
});

test("the notes of frames that are gone become one, of each device the newest", () => {
  const { book, say } = opened();
  for (let n = 1; n <= 100; n += 1) say("INV-01", n);
  book.gather(90);

  const taken = book.take(0);
  expect(memoriesIn(taken)).toEqual({});
  expect(memoriesIn(book.take(89))).toEqual({ "INV-01": 89 });
  expect(memoriesIn(book.take(90))).toEqual({ "INV-01": 90 });
});

function opened() {
  const book = noteBook();
  const say = (device: string, n: number) => {
    const memory = { points: {}, serial: String(n) };
    book.add(device, { happenings: [], memory }, { now, after: n });
  };
  return { book, say };
}

function memoriesIn({ memories }: ReturnType<ReturnType<typeof noteBook>["take"]>) {
  return Object.fromEntries(
    memories.map(([device, content]) => [device, Number(JSON.parse(content).serial)]),
  );
}
