import { expect, test } from "vitest";
import { type LineManners, together } from "./line-manners.ts";

const plain: LineManners = { connectDelayMs: 0, minRequestIntervalMs: 0 };

test("a line that nobody uses has one request in flight and no pauses", () => {
  expect(together([])).toEqual({ ...plain, window: 1, broadcastForbidden: false });
});

test("the strictest of all hold, each for itself", () => {
  const all: LineManners[] = [
    { ...plain, window: 8, idleDisconnectMs: 60_000 },
    { connectDelayMs: 500, minRequestIntervalMs: 0, window: 4, idleDisconnectMs: 10_000 },
    { connectDelayMs: 0, minRequestIntervalMs: 100, window: 8, broadcastForbidden: true },
  ];

  expect(together(all)).toEqual({
    ...{ connectDelayMs: 500, minRequestIntervalMs: 100, window: 4 },
    ...{ idleDisconnectMs: 10_000, broadcastForbidden: true },
  });
  expect(together(all.slice(0, 1))).toMatchObject({ window: 8, idleDisconnectMs: 60_000 });
});

test("one that says nothing of a window stands one request", () => {
  expect(together([{ ...plain, window: 8 }, plain]).window).toBe(1);
});
